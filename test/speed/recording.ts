import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openTable } from '../../src/machine/table/table';

const RUN = 'examples/trl-count';
/** Steps of the run that are recorded again. */
const STEPS = 40;

/** What recording costs of a step of the run that was recorded on one H200, in percent of that step's own time. */
export async function recordingShare(): Promise<number> {
  const table = await openTable(resolve(RUN, 'output'));
  const steps = [];
  for (const [from, to] of table.batches.slice(0, STEPS)) {
    const rows = await table.completions(Array.from({ length: to - from }, (_, at) => from + at));
    steps.push({
      prompts: rows.map(({ prompt }) => prompt),
      completions: rows.map(({ text }) => text),
      scores: table.rewards.map((name) => rows.map(({ scores }) => scores[name])),
    });
  }
  table.dispose();
  const input = JSON.stringify(steps);
  const told = execFileSync('python3', ['test/speed/recorded.py', resolve('.')], { input, encoding: 'utf8' });
  return (100 * Number(told)) / (1000 * secondsAStep());
}

/** As the trainer itself wrote it at its end. */
function secondsAStep(): number {
  const { log_history: history } = JSON.parse(readFileSync(`${RUN}/output/trainer_state.json`, 'utf8')) as {
    log_history: readonly { readonly train_runtime?: number; readonly step: number }[];
  };
  const end = history.at(-1);
  if (end?.train_runtime === undefined) throw new Error(`${RUN} does not say how long it took`);
  return end.train_runtime / end.step;
}
