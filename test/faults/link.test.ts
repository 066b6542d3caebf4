import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Host } from '../../src/machine/hosts/host';
import { Runs } from '../../src/machine/runs/runs';
import { Targets } from '../../src/machine/hosts/targets';
import { pause, PYTHON, until, wishOf, type Place } from '../machine/place';
import { makeFarPlace, type FarPlace } from '../machine/farPlace';
import { killTree } from '../machine/process';
import { startRelay, type Relay } from '../machine/relay';
import { startSshd, type Sshd } from '../machine/sshd';
import { thorough } from '../support/thorough';

let sshd: Sshd;
let place: Place;
let all: FarPlace;
let far: string;

beforeAll(async () => {
  all = await makeFarPlace();
  ({ sshd, place, far } = all);
});

afterAll(() => all.remove());

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const numbered = (lines: number): string => Array.from({ length: lines }, (_, at) => `line ${at + 1}\n`).join('');
const counting = (lines: number, pause: number): string =>
  `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; sleep ${pause}; done`;

/** The settings of a link through a relay. */
const through = (relay: Relay): { sshConfig: string } => ({ sshConfig: sshd.configFor({ Port: `${relay.port}` }) });

describe.each(thorough ? [20, 100] : [20])('at %i ms each way', (delay) => {
  it('a launch whose link is cut at any moment is absent or whole, and asked again it is one run', async () => {
    for (const moment of [0.2, 0.5, 0.8]) {
      const relay = await startRelay(sshd.port, delay);
      const runs = place.runs(through(relay));
      const id = `cut-${delay}-${moment * 10}`;
      const first = runs.launch(wishOf('echo once; sleep 0.3; echo end', { target: 'far' }), id).catch(() => undefined);
      await pause(delay * 20 * moment + 900 * moment);
      relay.cut();
      await first;
      relay.mend();
      const { run } = await runs.launch(wishOf('echo once; sleep 0.3; echo end', { target: 'far' }), id);
      const ended = await until(runs, id, 'succeeded', 'failed', 'unknown');
      const { bytes } = await runs.read(run, run.log ?? '');
      expect([ended.state, bytes.toString()]).toEqual(['succeeded', 'once\nend\n']);
      runs.dispose();
      relay.close();
    }
  });

  it('following goes on over a link that is cut again and again: no line lost, none doubled', async () => {
    const relay = await startRelay(sshd.port, delay);
    const runs = place.runs(through(relay));
    const { run } = await runs.launch(wishOf(counting(900, 0.01), { target: 'far' }));
    const lines: string[] = [];
    const links: boolean[] = [];
    const tail = await runs.follow(run, {
      lines: (more) => void lines.push(...more),
      lost: (problem) => void links.push(problem === undefined),
    });
    for (const turn of [1, 2, 3]) {
      await pause(500);
      relay.cut();
      await pause(300);
      relay.mend();
      await waitFor(() => links.filter(Boolean).length === turn);
    }
    await waitFor(() => lines.length >= 900);
    expect(hash(`${lines.join('\n')}\n`)).toBe(hash(numbered(900)));
    expect(links).toEqual([false, true, false, true, false, true]);
    tail.dispose();
    runs.dispose();
    relay.close();
  });
});

it('sshd killed with all its sessions: the run goes on, and following goes on when it is back', async () => {
  const own = await startSshd({ GRPO_LENS_HOME: far });
  const runs = place.runs({ sshConfig: own.config });
  const { run } = await runs.launch(wishOf(counting(300, 0.01), { target: 'far' }));
  const lines: string[] = [];
  const tail = await runs.follow(run, { lines: (more) => void lines.push(...more) });
  await pause(500);
  killTree(own.process.pid ?? 0);
  await pause(1000);
  const again = await own.again();
  await waitFor(() => lines.length >= 300);
  expect(hash(`${lines.join('\n')}\n`)).toBe(hash(numbered(300)));
  tail.dispose();
  runs.dispose();
  again.stop();
});

it('from launch to the first line of the log under 3 s at 20 ms each way, in at most 4 round trips after the connection', async () => {
  const relay = await startRelay(sshd.port, 20);
  const warm = place.runs(through(relay));
  await warm.list('far');
  warm.dispose();
  const { runs, asked } = counted(through(relay));
  const began = performance.now();
  const { run } = await runs.launch(wishOf('echo first; sleep 2', { target: 'far' }));
  const took = await new Promise<number>((resolve) => {
    void runs.follow(run, { lines: () => resolve(performance.now() - began) });
  });
  console.log(`launch to first line: ${Math.round(took)} ms at 20 ms each way, ${asked()} questions`);
  expect(took).toBeLessThan(3000);
  expect(asked()).toBeLessThanOrEqual(4);
  runs.dispose();
  relay.close();
});

async function waitFor(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200 && !done(); tries++) await pause(50);
}

/** Runs that count the questions asked of hosts. */
function counted(options: { sshConfig: string }): { runs: Runs; asked: () => number } {
  let asked = 0;
  const ask = Host.prototype.ask;
  const spy = vi.spyOn(Host.prototype, 'ask').mockImplementation(function (this: Host, ...args) {
    asked++;
    return ask.apply(this, args);
  });
  // Else a second try counts itself without end, and so does every file after this one in its process.
  onTestFinished(() => spy.mockRestore());
  const runs = new Runs(new Targets({ python: PYTHON, home: place.home, ...options }));
  return { runs, asked: () => asked };
}
