import type { VNode } from 'preact';
import { percent, short } from '../../src/domain/rollouts/distribution';
import type { JsonScore } from '../../src/domain/score';
import type { Distribution } from '../../src/wire/notebook';

interface Bar {
  readonly label: string;
  readonly count: number;
  /** 0 the least score, 1 the greatest; undefined for a word. */
  readonly place?: number;
}

/** How the scores of all samples are spread: a bar for each value, for each bin of many values, and for each word. */
export function Spread({ spread }: { spread: Distribution }): VNode {
  const bars: readonly Bar[] = [
    ...numberBars(spread),
    ...spread.words.map(({ word, count }) => ({ label: word, count })),
  ];
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <figure class="spread" aria-label={`Spread of ${spread.reward}`}>
      <figcaption>
        <span class="name">{spread.reward}</span>
        <span class="quiet">{spread.mean === undefined ? 'no number' : `mean ${scoreText(spread.mean)}`}</span>
      </figcaption>
      <div class="bars">
        {bars.map(({ label, count, place }) => (
          <div
            key={label}
            class={place === undefined ? 'bar word' : 'bar'}
            title={`${label}: ${count.toLocaleString('en')} of ${spread.samples.toLocaleString('en')}`}
          >
            <span class="count quiet">{bars.length <= 10 && count > 0 ? percent(count / spread.samples) : ''}</span>
            <span
              class="fill"
              style={{
                height: `${(count / most) * 48}px`,
                ...(place === undefined ? {} : { '--share': String(place) }),
              }}
            />
            <span class="label quiet">{bars.length <= 10 ? label : ''}</span>
          </div>
        ))}
      </div>
      {spread.bins && (
        <div class="ends quiet">
          <span>{scoreText(spread.least ?? 'unknown')}</span>
          <span>{scoreText(spread.greatest ?? 'unknown')}</span>
        </div>
      )}
    </figure>
  );
}

/** A score as people read it: three digits; words as they are. */
export function scoreText(score: JsonScore): string {
  if (score === 'inf' || score === '-inf') return score === 'inf' ? '∞' : '−∞';
  return typeof score === 'number' ? short(score) : score;
}

function numberBars({ values, bins, least, greatest }: Distribution): Bar[] {
  if (values) {
    const last = Math.max(1, values.length - 1);
    return values.map(({ value, count }, at) => ({
      label: scoreText(value),
      count,
      place: values.length === 1 ? 1 : at / last,
    }));
  }
  if (!bins || typeof least !== 'number' || typeof greatest !== 'number') return [];
  const width = (greatest - least) / bins.length;
  return bins.map((count, at) => ({
    label: `${short(least + at * width)} … ${short(least + (at + 1) * width)}`,
    count,
    place: at / Math.max(1, bins.length - 1),
  }));
}
