import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { recordedAnswer } from '../../src/domain/language/recorded';
import { answersIn, runFoldersOf } from '../../src/machine/runs/runAnswers';

const document = resolve('examples/trl-count/train_grpo.py');

it('the run beside a script answers what its settings ask', async () => {
  const [folder = ''] = await runFoldersOf(document, []);
  expect(folder).toBe(resolve('examples/trl-count/output'));
  const found = await answersIn(folder);
  if (!found) throw new Error('nothing was read');
  const { answers, tokens, ratio, peak } = found;
  expect([answers.completions, answers.groups, answers.size]).toEqual([28_160, 3520, 8]);
  // 1,078 of 3,520 groups have one and the same total; the frameworks' own count is in the viewer's tests.
  expect(answers.still.find(({ n }) => n === 8)?.share).toBe(1078 / 3520);
  expect(Math.round((ratio ?? 0) * 10)).toBe(37);
  expect(Math.round((peak ?? 0) / 1e8)).toBe(69);
  const recorded = { answers, tokens, ratio, run: 'trl-count/output' };
  const say = (path: string, value?: number): string | undefined => recordedAnswer({ path }, value, recorded);
  expect(say('max_completion_length', 64)).toMatch(
    /^64 would cut \d+ % of 28,160 completions of trl-count\/output \(about: at 3\.7 characters a token, as its log tells\)\.$/,
  );
  expect(say('num_generations')).toBe(
    'Groups without signal: 52 % at 4, 31 % at 8, about 18 % at 16 (3,520 groups of trl-count/output; beyond 8 it is extrapolated, so approximate).',
  );
  expect(say('reward_funcs')).toBe(
    'Of what told the completions of a group apart in trl-count/output: accuracy_reward 82 %, format_reward 18 %.',
  );
  expect(say('beta')).toBeUndefined();
});

it('the peak of a run of weeks is found among all its samples', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-answers-'));
  copyFileSync(
    'examples/trl-count/output/completions/completions_00001.parquet',
    join(folder, 'completions_00001.parquet'),
  );
  const samples = Array.from({ length: 150_000 }, (_, at) => `${at},0,${at === 7 ? 2048 : 1024}\n`);
  writeFileSync(join(folder, 'gpu.csv'), `timestamp,index,memory.used [MiB]\n${samples.join('')}`);
  expect((await answersIn(folder))?.peak).toBe(2048 * 1024 * 1024);
});
