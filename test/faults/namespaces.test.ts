import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNamespaces, mayMakeNamespaces, type Namespaces } from '../machine/namespaces';
import { makePlace, pause, until, wholeLog, wishOf, type Place } from '../machine/place';
import { startRelay, type Relay } from '../machine/relay';
import { startSshd, type Sshd } from '../machine/sshd';
import { thorough } from '../support/thorough';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const numbered = (lines: number): string => Array.from({ length: lines }, (_, at) => `line ${at + 1}\n`).join('');
const counting = (lines: number): string =>
  `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; sleep 0.01; done`;

/**
 * Two real sshd in network namespaces of their own: the host can be reached through the jump host only. The delay is our
 * own relay's, on loopback before the jump host, since a kernel may have no netem; what is lost the kernel drops, packet by packet.
 */
describe.skipIf(!mayMakeNamespaces())('through a jump host, in network namespaces (needs root)', () => {
  let net: Namespaces;
  let jump: Sshd;
  let host: Sshd;
  let place: Place;
  let far: string;

  beforeAll(async () => {
    console.log('delays are those of a relay on loopback; packets are lost on the link between jump host and host');
    net = makeNamespaces(`l${process.pid}`);
    far = mkdtempSync(join(tmpdir(), 'lens-far-'));
    [jump, host] = await Promise.all([startSshd({}, '', net.jump), startSshd({ GRPO_LENS_HOME: far }, '', net.host)]);
    place = makePlace({ far: { ssh: 'lens', detach: 'setsid' } });
  });

  afterAll(() => {
    place.remove();
    jump.stop();
    host.stop();
    net.remove();
    rmSync(far, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Settings with which `lens` is the host behind the jump host, which is behind the relay. */
  function behind(relay: Relay): { sshConfig: string } {
    const own = readFileSync(jump.configFor({ HostName: '127.0.0.1', Port: `${relay.port}` }), 'utf8');
    const between = own.replace('Host lens', 'Host jump');
    return { sshConfig: host.configFor({ HostName: net.host.address, ProxyJump: 'jump' }, between) };
  }

  it('the host answers to nobody but the jump host', async () => {
    const runs = place.runs({ sshConfig: host.configFor({ HostName: net.host.address, ConnectTimeout: '1' }) });
    expect((await runs.list('far')).problems).toHaveLength(1);
    runs.dispose();
  });

  it.each(thorough ? [20, 100] : [20])(
    'launch, follow over a pulled cable, stop, resume, at %i ms each way',
    async (delay) => {
      const relay = await startRelay(jump.port, delay, { address: net.jump.address });
      const runs = place.runs(behind(relay));
      const { run, detached } = await runs.launch(wishOf(`${counting(200)}; sleep 60`, { target: 'far' }));
      expect(detached).toBe(true);
      const lines: string[] = [];
      const tail = await runs.follow(run, { lines: (more) => void lines.push(...more) });
      await pause(500);
      net.cable(false);
      await pause(700);
      net.cable(true);
      for (let tries = 0; tries < 400 && lines.length < 200; tries++) await pause(50);
      expect(hash(`${lines.join('\n')}\n`)).toBe(hash(numbered(200)));
      tail.dispose();
      const { run: stopped, ended } = await runs.stop(run, 2);
      expect([stopped.state, ended.length > 0]).toEqual(['stopped', true]);
      await runs.resume(stopped, wishOf('echo again', { target: 'far' }));
      const again = await until(runs, run.id, 'succeeded', 'failed');
      expect([again.attempts, await wholeLog(runs, again)]).toEqual([2, 'again\n']);
      runs.dispose();
      relay.close();
    },
  );

  it('launch, follow and stop where one packet in ten gets lost each way', async () => {
    const relay = await startRelay(jump.port, 20, { address: net.jump.address });
    const runs = place.runs(behind(relay));
    net.loss(0.1);
    const { run } = await runs.launch(wishOf(`${counting(100)}; sleep 60`, { target: 'far' }));
    const lines: string[] = [];
    const tail = await runs.follow(run, { lines: (more) => void lines.push(...more) });
    for (let tries = 0; tries < 600 && lines.length < 100; tries++) await pause(50);
    expect(hash(`${lines.join('\n')}\n`)).toBe(hash(numbered(100)));
    tail.dispose();
    expect((await runs.stop(run, 2)).run.state).toBe('stopped');
    expect(net.lost()).toBeGreaterThan(0);
    console.log(`${net.lost()} packets were lost, and no line of 100`);
    net.loss(0);
    runs.dispose();
    relay.close();
  });

  it('a power cut: the state is unknown afterwards, the log is there, and the run can be resumed', async () => {
    const relay = await startRelay(jump.port, 20, { address: net.jump.address });
    const runs = place.runs(behind(relay));
    const { run } = await runs.launch(wishOf('echo before; sleep 60', { target: 'far' }));
    while ((await wholeLog(runs, run)) === '') await pause(50);
    net.powerCut();
    await pause(200);
    // The system that comes up has another boot id.
    const settings = join(host.folder, 'sshd_config');
    const set = `SetEnv GRPO_LENS_HOME=${far}`;
    writeFileSync(settings, readFileSync(settings, 'utf8').replace(set, `${set} GRPO_LENS_BOOT=another`));
    host = await host.again();
    const after = place.runs(behind(relay));
    const seen = await after.find(run.id);
    expect([seen.state, await wholeLog(after, seen)]).toEqual(['unknown', 'before\n']);
    await after.resume(seen, wishOf('echo after', { target: 'far' }));
    expect((await until(after, run.id, 'succeeded', 'failed')).attempts).toBe(2);
    for (const one of [runs, after]) one.dispose();
    relay.close();
  });
});
