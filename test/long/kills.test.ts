import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace, pause, PYTHON, until, wholeLog, wishOf, type Place } from '../machine/place';
import { bundled, killTree, started } from '../machine/process';

/** `LENS_KILLS=50` for a shorter look. */
const KILLS = Number(process.env.LENS_KILLS ?? 1000);
/** The most that one kill takes on a machine that does other things too, in milliseconds. */
const EACH = 10_000;
const FILES = ['launch.json', 'attempts/1/script.sh', 'attempts/1/log.txt', 'attempts/1/handle'];
const SCRIPT = 'echo once; sleep 0.1; echo end';

/** Who is killed: a launcher as an extension host is one, with all its children as an editor's end takes them, or the host's program alone. */
const VICTIMS = ['extension host', 'editor', 'host program'] as const;

it(
  `killed ${KILLS} times at random: absent or whole, never doubled, the training never dies`,
  async () => {
    const launcher = bundled('launcher');
    const seen: Record<string, number> = {};
    const usual = await usualTime(launcher);
    for (let turn = 0; turn < KILLS; turn++) {
      const place = makePlace();
      const victim = VICTIMS[turn % VICTIMS.length] ?? 'editor';
      const order = { options: { python: PYTHON, home: place.home }, wish: wishOf(SCRIPT), id: 'r' };
      const { child } = started(launcher, order);
      await pause(Math.random() * 1.3 * usual);
      killTree(child.pid ?? 0, victim);
      await pause(200);
      const found = wholeOrAbsent(place);
      seen[`${victim}: ${found}`] = (seen[`${victim}: ${found}`] ?? 0) + 1;
      await startedOnce(place);
      killTree(child.pid ?? 0);
      place.remove();
    }
    console.log(`killed ${KILLS} times, and found: ${JSON.stringify(seen)}`);
  },
  KILLS * EACH,
);

const OPERATIONS = [
  ...[1, 2, 3].map((at) => `launcher:${at}`),
  ...Array.from({ length: 11 }, (_, at) => `watcher:${at + 1}`),
];

it.each(OPERATIONS.flatMap((fault) => VICTIMS.map((victim) => [victim, fault] as const)))(
  'the %s killed after operation %s of a launch: absent or whole, once',
  async (victim, fault) => {
    const place = makePlace();
    const order = { options: { python: PYTHON, home: place.home }, wish: wishOf(SCRIPT), id: 'r' };
    // The host's program stops itself there for a moment, in which the other two are killed from outside.
    const { child } = started(bundled('launcher'), order, { GRPO_LENS_FAULT: fault, GRPO_LENS_FAULT_OF: 'pause' });
    await reached(place);
    killTree(child.pid ?? 0, victim);
    await pause(1500);
    wholeOrAbsent(place);
    await startedOnce(place);
    killTree(child.pid ?? 0);
    place.remove();
  },
  60_000,
);

/** Waits for the sign that the operation was done. */
async function reached(place: Place): Promise<void> {
  for (let tries = 0; tries < 200 && !existsSync(join(place.home, 'paused')); tries++) await pause(20);
  expect(existsSync(join(place.home, 'paused')), 'the operation was done').toBe(true);
}

function wholeOrAbsent(place: Place): 'absent' | 'whole' {
  const folder = join(place.home, 'runs');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  if (names.length === 0) return 'absent';
  for (const file of FILES) expect(existsSync(join(folder, 'r', file)), file).toBe(true);
  return 'whole';
}

/** Asked for once more under the same id: one run, carried out once from its first line to its last. */
async function startedOnce(place: Place): Promise<void> {
  const runs = place.runs();
  await runs.launch(wishOf(SCRIPT), 'r');
  expect(await wholeLog(runs, await until(runs, 'r', 'succeeded'))).toBe('once\nend\n');
  expect((await runs.list()).runs).toHaveLength(1);
  runs.dispose();
}

/** Milliseconds from the launcher's start to the run's. */
async function usualTime(launcher: string): Promise<number> {
  const place = makePlace();
  const began = performance.now();
  const order = { options: { python: PYTHON, home: place.home }, wish: wishOf('true'), id: 'r' };
  const { child, said } = started(launcher, order);
  await said;
  killTree(child.pid ?? 0);
  const took = performance.now() - began;
  await pause(300);
  place.remove();
  return took;
}
