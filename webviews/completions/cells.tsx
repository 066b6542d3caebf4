import type { VNode } from 'preact';
import type { JsonScore } from '../../src/domain/score';
import type { Flag, RewardColumn, RowShown } from '../../src/wire/completionsPanel';

/** A score as people read it: at most four significant digits; words as they are. */
function scoreText(score: JsonScore): string {
  return typeof score === 'number' ? String(Number(score.toPrecision(4))) : score;
}

/** A reward's score on the colour scale of its column; a bar says the same without colour. */
export function ScoreCell({ score, column }: { score: JsonScore; column: RewardColumn | undefined }): VNode {
  if (typeof score !== 'number' || !column) return <span class="score word">{scoreText(score)}</span>;
  const range = column.high - column.low;
  const share = range > 0 ? (score - column.low) / range : 1;
  return (
    <span class="score" style={{ '--share': String(share) }} title={`${column.name} ${score}`}>
      {scoreText(score)}
    </span>
  );
}

/** An advantage as a bar from the middle: right for good, left for bad. */
export function AdvantageCell({ advantage }: { advantage: JsonScore }): VNode {
  if (typeof advantage !== 'number') return <span class="score word">{advantage}</span>;
  const share = Math.min(1, Math.abs(advantage) / 3);
  return (
    <span class={advantage < 0 ? 'advantage down' : 'advantage'} style={{ '--share': String(share) }}>
      {scoreText(Number(advantage.toFixed(3)))}
    </span>
  );
}

const FLAGS: Readonly<Record<Flag, { readonly short: string; readonly why: string }>> = {
  truncated: { short: 'cut', why: 'The record says that this text was cut at its length limit.' },
  repeated: { short: 'repeats', why: 'The end of this text says the same three times or more.' },
  'no-signal': { short: 'no signal', why: 'All completions of this group got the same: it teaches nothing.' },
  unclosed: { short: 'unclosed', why: 'A tag such as <think> or <answer> was opened and never closed.' },
  flip: { short: 'flip', why: 'A reward as it is edited now gives another score than was recorded.' },
  unreadable: { short: 'unreadable', why: 'This line of the file is no JSON object.' },
};

export function FlagCell({ flags }: Pick<RowShown, 'flags'>): VNode {
  return (
    <>
      {flags.map((flag) => (
        <span key={flag} class={`flag ${flag}`} title={FLAGS[flag].why}>
          {FLAGS[flag].short}
        </span>
      ))}
    </>
  );
}
