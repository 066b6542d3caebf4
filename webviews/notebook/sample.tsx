import type { VNode } from 'preact';
import type { JsonScore } from '../../src/domain/score';
import type { Distribution, OutputRow, OutputSamples } from '../../src/wire/notebook';
import { CompletionText } from '../completions/text';
import { More, type OpenRow } from './groups';
import { scoreText } from './spread';

interface SampleProps {
  readonly row: OutputRow;
  readonly samples: OutputSamples;
  /** Opens a row of the source; undefined where there is none, or nobody to open it. */
  readonly open: OpenRow | undefined;
}

/** One completion with what each reward gave it. Its text is text: nothing in it is ever markup. */
export function Sample({ row, samples, open }: SampleProps): VNode {
  return (
    <article class="sample">
      <header class="chips">
        <span class="quiet">row {row.row}</span>
        {samples.rewards.map((reward, at) => (
          <span key={reward}>
            <span class="quiet">{reward}</span>{' '}
            <Score score={row.scores[at] ?? 'unknown'} spread={samples.distributions[at]} />
          </span>
        ))}
        {row.advantage !== 'unknown' && (
          <span>
            <span class="quiet">advantage</span> {scoreText(row.advantage)}
          </span>
        )}
        {open && (
          <button
            class="plain"
            title="Opens this completion beside all others"
            onClick={() => open(row.origin ?? row.row)}
          >
            open
          </button>
        )}
      </header>
      <CompletionText text={row.text} reading={{ mode: 'apart', special: true }} patterns={[]} />
      <More text={row.text} length={row.length} />
    </article>
  );
}

/** On the colour scale of its reward; a bar says the same without colour. */
function Score({ score, spread }: { score: JsonScore; spread: Distribution | undefined }): VNode {
  const { least, greatest } = spread ?? {};
  if (typeof score !== 'number' || typeof least !== 'number' || typeof greatest !== 'number')
    return <span class="score word">{scoreText(score)}</span>;
  const share = greatest > least ? (score - least) / (greatest - least) : 1;
  return (
    <span class="score" style={{ '--share': String(share) }}>
      {scoreText(score)}
    </span>
  );
}
