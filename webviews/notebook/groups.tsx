import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { counted } from '../../src/base/counted';
import type { OutputRow, OutputSamples } from '../../src/wire/notebook';
import { Sample } from './sample';

/** Completions of one prompt; without known groups, a few rows that stand together. */
interface Group {
  readonly title: string;
  readonly prompt: { readonly text: string; readonly length: number } | undefined;
  readonly rows: readonly OutputRow[];
}

export type OpenRow = (row: number) => void;

const PAGE = 2;
const MORE = 4;
const BLOCK = 8;

/** Groups with their completions side by side, a few at a time. */
export function Groups({ samples, open }: { samples: OutputSamples; open: OpenRow | undefined }): VNode {
  const groups = useMemo(() => groupsOf(samples), [samples]);
  const [shown, setShown] = useState(PAGE);
  const left = groups.length - shown;
  return (
    <section class="groups">
      {groups.slice(0, shown).map((group) => (
        <article class="group" key={group.title} aria-label={group.title}>
          <h3>{group.title}</h3>
          {group.prompt && (
            <details class="prompt">
              <summary>{oneLine(group.prompt.text)}</summary>
              <div class="mono" dir="auto">
                {group.prompt.text}
              </div>
              <More text={group.prompt.text} length={group.prompt.length} />
            </details>
          )}
          <div class="samples">
            {group.rows.map((row) => (
              <Sample key={row.row} row={row} samples={samples} open={open} />
            ))}
          </div>
        </article>
      ))}
      {left > 0 && (
        <button class="more" onClick={() => setShown(shown + MORE)}>
          Show {Math.min(left, MORE)} more of {left}
        </button>
      )}
    </section>
  );
}

/** Says what was cut off before the output was written. */
export function More({ text, length }: { text: string; length: number }): VNode | null {
  const cut = length - [...text].length;
  return cut > 0 ? <p class="quiet">{counted(cut, 'more character')} not kept.</p> : null;
}

/** The prompt on one line. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line || 'Prompt';
}

function groupsOf({ rows, prompts, groups }: OutputSamples): Group[] {
  const promptOf = (row: OutputRow | undefined): Group['prompt'] => prompts[row?.prompt ?? -1];
  if (!groups) {
    return Array.from({ length: Math.ceil(rows.length / BLOCK) }, (_, at) => {
      const block = rows.slice(at * BLOCK, (at + 1) * BLOCK);
      const same = block.every((row) => row.prompt === block[0]?.prompt);
      return { title: blockTitle(block), prompt: same ? promptOf(block[0]) : undefined, rows: block };
    });
  }
  const members = new Map<number | null, OutputRow[]>();
  for (const row of rows) {
    const before = members.get(row.group);
    if (before) before.push(row);
    else members.set(row.group, [row]);
  }
  return [...members].map(([group, block]) => ({
    title: groupTitle(group, block),
    prompt: promptOf(block[0]),
    rows: block,
  }));
}

function blockTitle(rows: readonly OutputRow[]): string {
  return rows.length === 1 ? `Row ${rows[0]?.row}` : `Rows ${rows[0]?.row} to ${rows.at(-1)?.row}`;
}

function groupTitle(group: number | null, rows: readonly OutputRow[]): string {
  const step = rows[0]?.step ?? null;
  const signal = rows.length > 1 && rows.every((row) => String(row.scores) === String(rows[0]?.scores));
  return [
    step === null ? '' : `Step ${step}`,
    group === null ? 'No group' : `Group ${group}`,
    counted(rows.length, 'completion'),
    signal ? 'no reward differs' : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
