import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { describe, distributionOf } from '../../domain/rollouts/distribution';
import { chores } from '../../domain/frameworks/chores';
import { Problem } from '../../domain/problem';
import { onTarget } from '../../domain/runs/hostWords';
import type { Run } from '../../domain/runs/run';
import { toJson, type Score } from '../../domain/score';
import { Rewards } from '../rewards/rewards';
import type { Runs } from '../runs/runs';
import { compare, prepare } from '../rewards/samples';
import { openTable } from '../table/table';
import { sourceOf } from '../rewards/versions';
import { wholeFile } from '../runs/wholeFile';
import { writeWhole } from '../writeWhole';

/** Whether a run lets a model answer, so that there are completions to bring back. */
export function givesAnswers({ name, launch }: Run): boolean {
  return launch !== undefined && chores.some(({ id, completions }) => id === name && completions !== undefined);
}

/** The completions of such a run in a file here: that which it wrote, or a copy at `save`. Errors: `missing`. */
export async function bringAnswers(runs: Runs, run: Run, save: string): Promise<string> {
  const path = outputOf(run);
  if (run.target === 'here' && save === '') return path;
  const bytes = await wholeFile(runs, run, path);
  if (bytes === undefined)
    throw new Problem({ code: 'missing', message: `${run.name} wrote no ${path} ${onTarget(run.target)}.` });
  const file = resolve(save === '' ? 'completions.jsonl' : save);
  await writeWhole(file, bytes);
  return file;
}

function outputOf(run: Run): string {
  const { command = [], cwd = '' } = run.launch ?? {};
  const output = command[command.indexOf('--output') + 1];
  if (output === undefined || !command.includes('--output')) {
    throw new Problem({ code: 'missing', message: `${run.name} writes no completions.` });
  }
  return isAbsolute(output) ? output : run.target === 'here' ? join(cwd, output) : `${cwd}/${output}`;
}

export interface Scoring {
  readonly rewardFile: string;
  readonly python: string;
  /** The extension's own folder `python`. */
  readonly home: string;
}

/** Gives each completion of the file the scores of every reward of a file, and says how they are spread. */
export async function scoreAnswers(file: string, { rewardFile, python, home }: Scoring): Promise<readonly string[]> {
  const table = await openTable(file);
  const rewards = new Rewards({ python, home });
  try {
    const source = await sourceOf(rewardFile);
    const found = await rewards.find(source, rewardFile);
    if (found.rewards.length === 0) {
      const why = found.broken ? ` (line ${found.broken.line}: ${found.broken.message})` : '';
      throw new Problem({ code: 'missing', message: `${rewardFile} defines no reward function${why}.` });
    }
    const said: string[] = [];
    const columns: Record<string, readonly Score[]> = {};
    for (const reward of found.rewards) {
      const { samples, rows, left } = await prepare(table, reward.needs);
      const scored = await rewards.score({ source, path: rewardFile, reward: reward.name, samples, timeout: 60 });
      const { scores } = compare(table, reward, rows, scored);
      columns[reward.name] = scores;
      const [error] = scored.errors;
      said.push(`${reward.name}: ${describe(distributionOf(scores))}`);
      if (error) said.push(`  ${error.samples.length} samples: ${error.type}: ${error.message}`);
      said.push(...left.map((one) => `  ${one.rows} rows are unknown for want of "${one.column}": ${one.why}.`));
    }
    await writeScores(file, columns);
    return said;
  } finally {
    rewards.dispose();
    table.dispose();
  }
}

async function writeScores(file: string, columns: Readonly<Record<string, readonly Score[]>>): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const scored = lines.map((line, row) => {
    const own = Object.entries(columns).map(([name, scores]) => [name, toJson(scores[row] ?? 'unknown')] as const);
    return JSON.stringify({ ...(JSON.parse(line) as object), scores: Object.fromEntries(own) });
  });
  await writeWhole(file, `${scored.join('\n')}\n`);
}
