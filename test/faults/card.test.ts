import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { launchCell } from '../../src/domain/runs/notebookLaunch';
import { KnownRuns } from '../../src/machine/runs/known';
import { eachPlace } from '../machine/eachPlace';
import { PYTHON, until, wishOf, type Place } from '../machine/place';
import { bundled, killTree, started } from '../machine/process';

let place: Place;
eachPlace((fresh) => ({ place } = fresh));

it('an editor killed while a run of a cell trains: another one has its card, caught up', async () => {
  const outputs = join(place.home, 'out');
  const tiny = `python3 ${resolve('python/grpo_lens/tiny')} --reward ${resolve('examples/tiny-count/rewards.py')}:accuracy_reward`;
  const cell = launchCell(
    'shellscript',
    `%%launch --name tiny\n${tiny} --max_steps 12 --num_generations 8 --output_dir ${outputs}`,
  );
  if (!cell || 'wrong' in cell) throw new Error('this cell launches');
  const wish = { ...wishOf('true'), name: 'tiny', command: cell.command, env: cell.env, outputs };
  const order = { options: { python: PYTHON, home: place.home }, wish, id: 'r' };
  const { child, said } = started(bundled('launcher'), order, {});
  expect(await said).toMatchObject({ detached: true });
  killTree(child.pid ?? 0);
  const runs = place.runs();
  const ended = await until(runs, 'r', 'succeeded');
  const { header, curves } = await new KnownRuns(runs).open(ended).opening(600);
  expect(header).toMatchObject({ state: 'succeeded', step: 12, steps: 12 });
  expect(curves.find(({ name }) => name === 'reward')?.steps).toHaveLength(12);
  runs.dispose();
});
