import type { RawRecord, Recognise } from '../../rollouts/rollout';

/** EasyR1's `generations.log`: samples of each validation, without steps (`verl/utils/logger/gen_logger.py:48 @ b44b311`). */
export const easyr1Rollouts: Recognise = (record) => {
  if (!('ground_truth' in record) || !('output' in record)) return undefined;
  return { framework: 'easyr1', name: 'EasyR1 generations', prompt: 'prompt', text: 'output', notScores: [] };
};

/**
 * A block begins with `[prompt] ` and ends with its score's line. Tags inside of a text are not escaped, so a tag only
 * counts at a line's start, and a score only if a new block or the end follows.
 */
const BLOCK = /\[prompt\] ([^]*?)\n\[output\] ([^]*?)\n\[ground_truth\] ([^]*?)\n\[score\] (\S+)\n+(?=\[prompt\] |$)/g;

/** The samples in a text of `generations.log`, with the offset behind the last whole one. */
export function generationsIn(text: string): { readonly records: RawRecord[]; readonly end: number } {
  const records: RawRecord[] = [];
  let end = 0;
  for (const found of text.matchAll(BLOCK)) {
    const [, prompt = '', output = '', truth = '', score = ''] = found;
    records.push({ prompt, output, ground_truth: truth, score: numberOf(score) });
    end = found.index + found[0].length;
  }
  return { records, end };
}

function numberOf(text: string): number | string {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
