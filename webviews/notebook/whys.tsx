import type { VNode } from 'preact';
import type { RewardsOutput } from '../../src/wire/notebook';
import { CauseTree, type OpenLine } from '../shared/cause';
import { scoreText } from './spread';

/** Why the reward gave what it gave: one sample of each score, with the way back to where it comes from. */
export function Whys({ output, open }: { output: RewardsOutput; open: OpenLine | undefined }): VNode | null {
  const { causes = [], samples } = output;
  if (causes.length === 0) return null;
  return (
    <section class="whys" aria-label="Why">
      {causes.map(({ row, score, samples: count, why }) => (
        <details key={row}>
          <summary>
            Why {scoreText(score)}? <span class="quiet">{countText(row, count)}</span>
          </summary>
          <CauseTree cause={why} open={open} />
          <blockquote class="mono" dir="auto">
            {samples.rows.find((one) => one.row === row)?.text ?? ''}
          </blockquote>
        </details>
      ))}
    </section>
  );
}

function countText(row: number, count: number): string {
  return count === 1 ? `row ${row}` : `row ${row}, one of ${count.toLocaleString('en')} with this score`;
}
