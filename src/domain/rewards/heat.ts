import { short } from '../rollouts/distribution';
import type { Score } from '../score';
import type { Branch, Swallowed, Traced } from './trace';

/** What all samples together say about one line, ready to be drawn. */
export interface HeatNote {
  /** 1-based. */
  readonly line: number;
  /** Share of the samples that came by, 0 to 1. */
  readonly share: number;
  /** Where their mean lies between the least and the greatest mean of any line, 0 to 1; undefined below five samples and where all are equal. */
  readonly warmth?: number;
  /** For the hover: both numbers, the line's tests, and what it swallowed. */
  readonly text: string;
}

/** Below so many samples a mean says too little to be coloured. */
const FEW = 5;
const SHARED = 'This line works on the batch as a whole, in the turn of no sample.';

/** Notes for every line that could be reached; lines that no sample reached have share 0. */
export function heatNotes(traced: Traced, samples: number): HeatNote[] {
  const known = new Map(traced.lines.map((heat) => [heat.line, heat]));
  const means = traced.lines.flatMap(({ mean, hit }) => (typeof mean === 'number' && hit >= FEW ? [mean] : []));
  const least = Math.min(...means);
  const range = Math.max(...means) - least;
  return traced.executable.map((line) => {
    const { hit, mean } = known.get(line) ?? { hit: 0, mean: 'unknown' as const };
    const shared = traced.shared?.includes(line) ?? false;
    const warm = !shared && typeof mean === 'number' && hit >= FEW && range > 0;
    return {
      line,
      share: samples > 0 ? hit / samples : 0,
      ...(warm ? { warmth: (mean - least) / range } : {}),
      text: [
        shared ? SHARED : hitText(hit, samples, mean),
        ...testTexts(traced.branches, line),
        ...swallowedTexts(traced.swallowed, line),
      ].join('\n\n'),
    };
  });
}

function hitText(hit: number, samples: number, mean: Score): string {
  if (hit === 0) return `None of ${samples} samples came by here.`;
  return `${hit} of ${samples} samples came by here; ${meanText(mean)}.`;
}

function meanText(mean: Score): string {
  return typeof mean === 'number' ? `their mean score is ${short(mean)}` : `their mean score is ${mean}`;
}

function testTexts(branches: readonly Branch[], line: number): string[] {
  return branches
    .filter((branch) => branch.line === line)
    .map(({ yes, no, meanYes, meanNo }) => `Test: true for ${side(yes, meanYes)}, false for ${side(no, meanNo)}.`);
}

function side(count: number, mean: Score): string {
  return count === 0 || typeof mean !== 'number' ? String(count) : `${count} (mean score ${short(mean)})`;
}

function swallowedTexts(swallowed: readonly Swallowed[], line: number): string[] {
  return swallowed
    .filter((one) => one.line === line)
    .map(({ count, type, message, raisedAt }) => `Swallowed ${count} × ${type} of line ${raisedAt}: ${message}`);
}
