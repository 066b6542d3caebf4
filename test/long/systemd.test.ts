import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Started } from '../../src/machine/runs/runs';
import { makePlace, pause, until, wholeLog, wishOf, type Place } from '../machine/place';
import { startSshd, type Sshd } from '../machine/sshd';
import { boot, mayBoot, type Booted } from '../machine/systemd';

/** A real systemd that ends what a user leaves behind when they log out: tmux and setsid do not help there. */
describe.skipIf(!mayBoot())('on a host that ends a user’s processes at logout (needs root)', () => {
  let host: Booted;
  let sshd: Sshd;
  let place: Place;

  beforeAll(async () => {
    host = await boot();
    sshd = await startSshd({ HOME: host.user.home }, '', host.within);
    chmodSync(sshd.folder, 0o755);
    chmodSync(join(sshd.folder, 'authorized_keys'), 0o644);
    place = makePlace({ far: { ssh: 'lens' } });
  });

  afterAll(() => {
    place.remove();
    sshd.stop();
    host.remove();
  });

  const runs = (): ReturnType<Place['runs']> => place.runs({ sshConfig: sshd.configFor({ User: host.user.name }) });

  /** Starts a run and logs out: nobody of that user is there for a moment. */
  async function startedAndLeft(script: string): Promise<Started> {
    const own = runs();
    const started = await own.launch(wishOf(script, { target: 'far' }));
    own.dispose();
    for (let tries = 0; tries < 100 && sessions() > 0; tries++) await pause(50);
    await pause(500);
    return started;
  }

  const sessions = (): number =>
    host.run('loginctl', 'list-sessions', '--no-legend').split('\n').filter(Boolean).length;

  it('where linger is on, systemd-run starts the run, and it goes on to its end', async () => {
    host.run('loginctl', 'enable-linger', host.user.name);
    const { run, how, detached, logout } = await startedAndLeft('for i in 1 2 3 4; do echo $i; sleep 0.5; done');
    expect([how, detached, logout]).toEqual(['systemd', true, false]);
    const after = runs();
    const ended = await until(after, run.id, 'succeeded', 'failed', 'unknown');
    expect([ended.state, await wholeLog(after, ended)]).toEqual(['succeeded', '1\n2\n3\n4\n']);
    after.dispose();
  });

  it('its tree is stopped, and it is resumed, as everywhere', async () => {
    const { run } = await startedAndLeft('sleep 60 & sleep 61');
    const after = runs();
    const { run: stopped, ended } = await after.stop(run, 2);
    expect([stopped.state, ended.length >= 2]).toEqual(['stopped', true]);
    expect(spawnSync('pgrep', ['-f', 'sleep 6[01]$']).status).toBe(1);
    await after.resume(stopped, wishOf('echo again', { target: 'far' }));
    expect((await until(after, run.id, 'succeeded', 'failed')).attempts).toBe(2);
    after.dispose();
  });

  it('where linger is off, the run ends with the login, which is said when it starts', async () => {
    host.run('loginctl', 'disable-linger', host.user.name);
    const { run, detached, logout } = await startedAndLeft('sleep 60');
    const after = runs();
    // The watching process is asked to end like all the others, and may or may not note its program's end before it goes.
    expect(['stopped', 'unknown']).toContain((await after.find(run.id)).state);
    expect([detached, logout, (await after.host('far')).logout]).toEqual([false, true, true]);
    after.dispose();
  });
});
