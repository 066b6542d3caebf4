import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/domain/problem';
import { makePlace, pause, until, wishOf, type Place } from '../machine/place';

describe.skipIf(process.getuid?.() !== 0)('a full disk (needs root, to mount a small one)', () => {
  const mounted: string[] = [];
  let place: Place;

  beforeEach(() => {
    place = makePlace();
  });

  afterEach(() => {
    for (const home of mounted.splice(0)) execFileSync('umount', ['-l', home]);
    place.remove();
  });

  const mount = (kilobytes: number): string => {
    const home = join(place.home, `small-${kilobytes}`);
    mkdirSync(home);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', home]);
    mounted.push(home);
    return home;
  };

  it('refuses a start with one plain sentence and leaves nothing', async () => {
    const home = mount(128);
    const runs = place.runs({ home });
    const wish = wishOf('true', { inputs: [{ path: 'big.yaml', text: 'x'.repeat(300_000) }] });
    const problem = await runs.launch(wish).catch((error: Problem) => error);
    expect(problem).toMatchObject({ code: 'refused', message: expect.stringMatching(/is full: free some space/) });
    expect(readdirSync(join(home, 'runs'))).toEqual([]);
    runs.dispose();
  });

  it('however little room was left at the start: it is refused, or how it ended is known', async () => {
    const seen: unknown[] = [];
    for (let pages = 4; pages <= 7; pages++) {
      const runs = place.runs({ home: mount(4 * pages) });
      const started = await runs.launch(wishOf('exit 7')).catch((error: Problem) => error);
      seen.push('run' in started ? (await until(runs, started.run.id, 'failed', 'unknown')).facts.exit : started.code);
      runs.dispose();
    }
    expect(seen.join(' ')).toMatch(/^(refused )+7( 7)+$/);
  });

  it('a log that fills the disk does not hide how the run ended', async () => {
    const runs = place.runs({ home: mount(128) });
    const { run } = await runs.launch(wishOf('head -c 1000000 /dev/zero || exit 7; exit 0'));
    expect((await until(runs, run.id, 'failed', 'succeeded', 'unknown')).facts.exit).toBe(7);
    runs.dispose();
  });

  it('a run can be stopped all the same', async () => {
    const runs = place.runs({ home: mount(128) });
    const { run } = await runs.launch(wishOf('head -c 1000000 /dev/zero; sleep 60'));
    await pause(500);
    expect((await runs.stop(run, 2)).run.state).toBe('stopped');
    runs.dispose();
  });
});
