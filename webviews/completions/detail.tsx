import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { counted } from '../../src/base/counted';
import { boxesIn, boxesOfColumns } from '../../src/domain/rollouts/boxes';
import { specialTokens } from '../../src/domain/rollouts/specialTokens';
import type { CompletionsPanel, Detail, Pattern, RewardColumn, SampleShown } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import { Button } from '../shared/ui';
import { SampleActions, ThroughSteps } from './actions';
import { AdvantageCell, FlagCell, ScoreCell } from './cells';
import { Markdown } from './markdown';
import { Pictures } from './pictures';
import { CompletionText, DiffText, type Reading } from './text';

interface GroupProps {
  readonly editor: Called<CompletionsPanel>;
  readonly detail: Detail;
  readonly rewards: readonly RewardColumn[];
  readonly reading: Reading;
  readonly onReading: (reading: Reading) => void;
  /** Best against worst, word by word. */
  readonly diff: boolean;
  readonly onDiff: (diff: boolean) => void;
  readonly onSelect: (row: number) => void;
  /** The user wants to see another group: that of this row. */
  readonly onJump: (row: number) => void;
}

/** A whole group: its prompt, and its completions side by side with what each of them got. */
export function Group(props: GroupProps): VNode {
  const { editor, detail, rewards, reading, onSelect, diff } = props;
  const patterns = usePatterns(editor, detail);
  const own = detail.samples.find(({ row }) => row === detail.row);
  const boxes = { known: boxesOfColumns(own?.columns ?? {}), said: boxesIn(own?.text ?? '') };
  const pair = bestAndWorst(detail.samples);
  const shown = diff && pair ? pair : detail.samples;
  return (
    <section class="group" aria-label="Group">
      <GroupHead {...props} pair={pair} />
      <details class="prompt" open>
        <summary>Prompt</summary>
        <div class="text mono" dir="auto">
          {detail.prompt === '' ? <span class="quiet">The record has no prompt.</span> : detail.prompt}
        </div>
        <Pictures pictures={detail.pictures} boxes={boxes} />
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
              <CompletionText text={sample.text} reading={reading} patterns={patterns} draw={drawMarkdown} />
            )}
            {sample.cut > 0 && <p class="quiet">{counted(sample.cut, 'more character')} not shown.</p>}
            <Columns columns={sample.columns} />
          </article>
        ))}
      </div>
    </section>
  );
}

const drawMarkdown = (text: string): VNode => <Markdown text={text} />;

const MODES = { apart: 'As written', markdown: 'Markdown', raw: 'Raw' } as const;
const MODE_KEYS = { apart: 'a', markdown: 'm', raw: 'r' } as const;

type Pair = readonly [best: SampleShown, worst: SampleShown];

function GroupHead(props: GroupProps & { pair: Pair | undefined }): VNode {
  const { editor, detail, reading, onReading, onJump, pair, diff, onDiff } = props;
  const tokens = detail.samples.reduce((sum, { text }) => sum + specialTokens(text), 0);
  return (
    <header class="group-head">
      <strong>{title(detail)}</strong>
      <span class="modes" role="radiogroup" aria-label="How texts are shown">
        {(['apart', 'markdown', 'raw'] as const).map((mode) => (
          <button
            key={mode}
            class="plain"
            role="radio"
            title={`${MODES[mode]} (${MODE_KEYS[mode]})`}
            aria-checked={reading.mode === mode}
            onClick={() => onReading({ ...reading, mode })}
          >
            {MODES[mode]}
          </button>
        ))}
      </span>
      {tokens > 0 && (
        <button
          class="plain"
          aria-pressed={reading.special}
          title="Special tokens such as <|im_end|> (s)"
          onClick={() => onReading({ ...reading, special: !reading.special })}
        >
          {counted(tokens, 'special token')}
        </button>
      )}
      {pair && (
        <Button appearance="secondary" onClick={() => onDiff(!diff)}>
          {diff ? 'Whole group' : 'Best against worst'}
        </Button>
      )}
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
  );
}

/** What open reward files look for, asked again with each group: they may have been edited meanwhile. */
function usePatterns(editor: GroupProps['editor'], detail: Detail): readonly Pattern[] {
  const [patterns, setPatterns] = useState<readonly Pattern[]>([]);
  useEffect(() => {
    editor.ask('patterns', {}).then(setPatterns, () => undefined);
  }, [editor, detail]);
  return patterns;
}

function title({ row, samples }: Detail): string {
  const own = samples.find((sample) => sample.row === row);
  const step = own?.step === null || own?.step === undefined ? '' : `Step ${own.step} · `;
  if (own?.group === null || own?.group === undefined) return `${step}row ${row}`;
  return `${step}group ${own.group} · ${counted(samples.length, 'completion')}`;
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
