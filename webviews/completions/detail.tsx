import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CompletionsPanel, Detail, RewardColumn, SampleShown } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import { Button } from '../shared/ui';
import { SampleActions, ThroughSteps } from './actions';
import { AdvantageCell, FlagCell, ScoreCell } from './cells';
import { CompletionText, DiffText } from './text';

interface GroupProps {
  readonly editor: Called<CompletionsPanel>;
  readonly detail: Detail;
  readonly rewards: readonly RewardColumn[];
  readonly onSelect: (row: number) => void;
  /** The user wants to see another group: that of this row. */
  readonly onJump: (row: number) => void;
}

/** A whole group: its prompt, and its completions side by side with what each of them got. */
export function Group({ editor, detail, rewards, onSelect, onJump }: GroupProps): VNode {
  const [raw, setRaw] = useState(false);
  const [diff, setDiff] = useState(false);
  const pair = bestAndWorst(detail.samples);
  const shown = diff && pair ? pair : detail.samples;
  return (
    <section class="group" aria-label="Group">
      <header class="group-head">
        <strong>{title(detail)}</strong>
        {pair && (
          <Button appearance="secondary" onClick={() => setDiff(!diff)}>
            {diff ? 'Whole group' : 'Best against worst'}
          </Button>
        )}
        <Button appearance="secondary" onClick={() => setRaw(!raw)}>
          {raw ? 'Set apart' : 'Raw text'}
        </Button>
        {diff && pair && (
          <Button
            appearance="secondary"
            onClick={() => void editor.ask('compare', { left: pair[1].row, right: pair[0].row })}
          >
            Open in diff editor
          </Button>
        )}
        <ThroughSteps editor={editor} row={detail.row} onStep={onJump} />
      </header>
      <details class="prompt" open>
        <summary>Prompt</summary>
        <div class="text mono" dir="auto">
          {detail.prompt === '' ? <span class="quiet">The record has no prompt.</span> : detail.prompt}
        </div>
        <Pictures pictures={detail.pictures} />
      </details>
      <div class="samples">
        {shown.map((sample, at) => (
          <article
            key={sample.row}
            class={sample.row === detail.row ? 'sample own' : 'sample'}
            onClick={() => onSelect(sample.row)}
          >
            <Chips editor={editor} sample={sample} rewards={rewards} />
            {diff && pair ? (
              <DiffText worse={pair[1].text} better={pair[0].text} side={at === 0 ? 'right' : 'left'} />
            ) : (
              <CompletionText text={sample.text} raw={raw} />
            )}
            {sample.cut > 0 && <p class="quiet">{sample.cut.toLocaleString()} more characters are not shown.</p>}
            <Columns columns={sample.columns} />
          </article>
        ))}
      </div>
    </section>
  );
}

/** A click shows a picture in its own size, a second one small again. */
function Pictures({ pictures }: Pick<Detail, 'pictures'>): VNode | null {
  if (pictures.length === 0) return null;
  return (
    <div class="pictures">
      {pictures.map((picture) =>
        'src' in picture ? (
          <label key={picture.name} title={picture.name}>
            <input type="checkbox" class="hidden" aria-label={`Show ${picture.name} in its own size`} />
            <img src={picture.src} alt={picture.name} />
          </label>
        ) : (
          <span key={picture.name} class="quiet">
            {picture.name} is not shown: {picture.why}.
          </span>
        ),
      )}
    </div>
  );
}

function title({ row, samples }: Detail): string {
  const own = samples.find((sample) => sample.row === row);
  const step = own?.step === null || own?.step === undefined ? '' : `Step ${own.step} · `;
  if (own?.group === null || own?.group === undefined) return `${step}row ${row}`;
  return `${step}group ${own.group} · ${samples.length} completions`;
}

function Chips({ editor, sample, rewards }: Pick<GroupProps, 'editor' | 'rewards'> & { sample: SampleShown }): VNode {
  return (
    <header class="chips">
      <span class="quiet">row {sample.row}</span>
      {rewards.map((reward, at) => (
        <span key={reward.name} class="chip">
          <span class="quiet">{reward.name}</span> <ScoreCell score={sample.scores[at] ?? 'unknown'} column={reward} />
        </span>
      ))}
      <span class="chip">
        <span class="quiet">advantage</span> <AdvantageCell advantage={sample.advantage} />
      </span>
      <FlagCell flags={sample.flags} />
      <SampleActions editor={editor} sample={sample} />
    </header>
  );
}

function Columns({ columns }: { columns: SampleShown['columns'] }): VNode | null {
  const entries = Object.entries(columns);
  if (entries.length === 0) return null;
  return (
    <dl class="columns">
      {entries.map(([name, value]) => (
        <>
          <dt class="quiet">{name}</dt>
          <dd class="mono" dir="auto">
            {value}
          </dd>
        </>
      ))}
    </dl>
  );
}

/** By advantage, else by the sum of scores; undefined where nothing sets two of them apart. */
function bestAndWorst(samples: readonly SampleShown[]): [best: SampleShown, worst: SampleShown] | undefined {
  const worth = ({ advantage, scores }: SampleShown): number =>
    typeof advantage === 'number'
      ? advantage
      : scores.reduce<number>((sum, score) => sum + (typeof score === 'number' ? score : 0), 0);
  const sorted = samples.toSorted((a, b) => worth(b) - worth(a));
  const [best, worst] = [sorted[0], sorted.at(-1)];
  return best && worst && worth(best) > worth(worst) ? [best, worst] : undefined;
}
