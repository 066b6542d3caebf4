import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace, pause, PYTHON, until, wholeLog, wishOf } from '../machine/place';
import { bundled, killTree, started } from '../machine/process';

/** `LENS_KILLS=50` for a shorter look. */
const KILLS = Number(process.env.LENS_KILLS ?? 1000);
const FILES = ['launch.json', 'attempts/1/script.sh', 'attempts/1/log.txt', 'attempts/1/handle'];

it(`a launcher killed ${KILLS} times at random: absent or whole, never doubled, the training never dies`, async () => {
  const launcher = bundled('launcher');
  const seen = { absent: 0, whole: 0 };
  const usual = await usualTime(launcher);
  for (let turn = 0; turn < KILLS; turn++) {
    const place = makePlace();
    const wish = wishOf('echo once; sleep 0.1; echo end');
    const { child } = started(launcher, { options: { python: PYTHON, home: place.home }, wish, id: 'r' });
    await pause(Math.random() * 1.3 * usual);
    killTree(child.pid ?? 0);
    await pause(200);
    const folder = join(place.home, 'runs');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
    seen[names.length === 0 ? 'absent' : 'whole']++;
    if (names.length > 0) for (const file of FILES) expect(existsSync(join(folder, 'r', file)), file).toBe(true);
    const runs = place.runs();
    await runs.launch(wish, 'r');
    expect(await wholeLog(runs, await until(runs, 'r', 'succeeded'))).toBe('once\nend\n');
    runs.dispose();
    place.remove();
  }
  console.log(`killed ${KILLS} times: the run was absent ${seen.absent} times and whole ${seen.whole} times`);
});

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
