import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePlace, pause, PYTHON, until, wholeLog, wishOf, type Place } from '../machine/place';
import { bundled, killTree, started } from '../machine/process';
import { thorough } from '../support/thorough';

/** The layer `long` has a thousand. */
const TURNS = thorough ? 12 : 3;

let place: Place;
const launcher = bundled('launcher');

beforeEach(() => {
  place = makePlace();
});

afterEach(() => place.remove());

/** Every file that a run has from its first moment on. */
const WHOLE = ['launch.json', 'attempts/1/script.sh', 'attempts/1/log.txt', 'attempts/1/handle'];

/** Absent, or whole; what is written aside is no run. */
function found(): 'absent' | 'whole' {
  const folder = join(place.home, 'runs');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  if (names.length === 0) return 'absent';
  expect(names).toEqual(['r']);
  for (const name of WHOLE) expect(existsSync(join(folder, 'r', name)), name).toBe(true);
  expect(JSON.parse(readFileSync(join(folder, 'r/launch.json'), 'utf8'))).toMatchObject({ form: 1 });
  return 'whole';
}

/** Started again with the same id: one run, carried out once, whatever was before. */
async function startedOnce(log: string): Promise<void> {
  const runs = place.runs();
  await runs.launch(wishOf('echo once; sleep 0.2; echo end'), 'r');
  const ended = await until(runs, 'r', 'succeeded');
  expect(await wholeLog(runs, ended)).toBe(log);
  expect((await runs.list()).runs).toHaveLength(1);
  runs.dispose();
}

async function launchWith(fault: string): Promise<void> {
  const order = {
    options: { python: PYTHON, home: place.home },
    wish: wishOf('echo once; sleep 0.2; echo end'),
    id: 'r',
  };
  const { child, said } = started(launcher, order, { GRPO_LENS_FAULT: fault });
  await said;
  killTree(child.pid ?? 0);
  await pause(300);
}

it.each([1, 2, 3])('the launching process killed after operation %i: absent or whole, once', async (at) => {
  await launchWith(`launcher:${at}`);
  if (at < 3) expect(found()).toBe('absent');
  // It was asked already: the watching process has the run there in its own time.
  else await expect.poll(found).toBe('whole');
  await startedOnce('once\nend\n');
});

it.each(thorough ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 4, 8])(
  'the watching process killed after operation %i, before the run is there: absent',
  async (at) => {
    await launchWith(`watcher:${at}`);
    expect(found()).toBe('absent');
    await startedOnce('once\nend\n');
  },
);

it('the watching process killed as the run appears: whole, not started, never doubled', async () => {
  await launchWith('watcher:9');
  expect(found()).toBe('whole');
  const runs = place.runs();
  expect((await runs.find('r')).state).toBe('unknown');
  const again = await runs.launch(wishOf('echo once'), 'r');
  expect([again.run.state, await wholeLog(runs, again.run)]).toEqual(['unknown', '']);
  runs.dispose();
});

it('the watching process killed after the program started: it lives on to its end', async () => {
  await launchWith('watcher:10');
  expect(found()).toBe('whole');
  const runs = place.runs();
  const run = await until(runs, 'r', 'unknown');
  expect(await wholeLog(runs, run)).toBe('once\nend\n');
  runs.dispose();
});

it('the watching process killed as the end is written: the end stands', async () => {
  await launchWith('watcher:11');
  const runs = place.runs();
  expect((await until(runs, 'r', 'succeeded', 'unknown')).state).toBe('succeeded');
  runs.dispose();
});

it(`killed at random, ${TURNS} times: absent or whole, never doubled, the training never dies`, async () => {
  for (let turn = 0; turn < TURNS; turn++) {
    place.remove();
    place = makePlace();
    const order = {
      options: { python: PYTHON, home: place.home },
      wish: wishOf('echo once; sleep 0.2; echo end'),
      id: 'r',
    };
    const { child } = started(launcher, order);
    await pause(100 + ((turn * 187) % 500));
    killTree(child.pid ?? 0);
    await pause(400);
    found();
    await startedOnce('once\nend\n');
  }
});
