import type * as vscode from 'vscode';
import { describe, type Distribution } from '../../domain/rollouts/distribution';
import { outputTypes, readOutput, type RewardsOutput } from '../../wire/notebook';

/** What a cell's own output says of a reward: `mean 0.4 · 12 samples`; undefined where it shows none, or another form. */
export function shownIn(cell: vscode.NotebookCell, reward: string): string | undefined {
  const items = cell.outputs.flatMap((output) => output.items).filter(({ mime }) => mime === outputTypes.rewards);
  const outputs = items.flatMap(({ mime, data }) => {
    const read = readOutput(mime, parsed(data));
    return read.kind === 'rewards' ? [read.output] : [];
  });
  const found = outputs.find((output) => output.reward.name === reward);
  const told = found?.samples.distributions.find((one) => one.reward === reward);
  return told && describe(asDistribution(told));
}

function asDistribution(told: RewardsOutput['samples']['distributions'][number]): Distribution {
  const { mean, least, greatest } = told;
  const values = told.values?.flatMap(({ value, count }) => (typeof value === 'number' ? [{ value, count }] : []));
  return {
    samples: told.samples,
    words: told.words,
    bar: '',
    ...(typeof mean === 'number' ? { mean } : {}),
    ...(typeof least === 'number' ? { least } : {}),
    ...(typeof greatest === 'number' ? { greatest } : {}),
    ...(values ? { values } : {}),
  };
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
