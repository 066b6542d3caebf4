import { textOf, type Completion } from './rollout';
import { toJson } from '../score';

export type ExportFormat = 'jsonl' | 'csv' | 'markdown';

/** Rows of a table as lines of a file; `names` are the rewards, in order. */
export interface Exporter {
  readonly head: string;
  row(completion: Completion): string;
}

export function exporterOf(format: ExportFormat, names: readonly string[]): Exporter {
  if (format === 'jsonl') return { head: '', row: (completion) => `${JSON.stringify(recordOf(completion))}\n` };
  if (format === 'markdown') return { head: '# Completions\n', row: (completion) => section(completion, names) };
  const columns = ['row', 'step', 'group', 'prompt', 'completion', ...names, 'advantage'];
  return { head: `${columns.map(cell).join(',')}\r\n`, row: (completion) => `${csv(completion, names)}\r\n` };
}

/** In the form of docs/record-format.md, so that an export can be opened again. */
function recordOf({ step, group, prompt, text, scores, advantage, columns }: Completion): object {
  const known = Object.entries(scores).filter(([, score]) => score !== 'unknown');
  return {
    form: 1,
    ...(step === undefined ? {} : { step }),
    ...(group === undefined ? {} : { group: String(group) }),
    prompt,
    completion: text,
    scores: Object.fromEntries(known.map(([name, score]) => [name, toJson(score)])),
    ...(advantage === 'unknown' ? {} : { advantage: toJson(advantage) }),
    ...columns,
  };
}

function csv({ row, step, group, prompt, text, scores, advantage }: Completion, names: readonly string[]): string {
  const numbers = [...names.map((name) => scores[name] ?? 'unknown'), advantage].map(toJson);
  return [row, step ?? '', group ?? '', prompt, text, ...numbers].map(cell).join(',');
}

/** A cell of a table; a text that a spreadsheet would take for a formula is kept from being one. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?inf$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function section(
  { row, step, prompt, text, scores, advantage, columns }: Completion,
  names: readonly string[],
): string {
  const facts = [...names.map((name) => [name, scores[name] ?? 'unknown']), ['advantage', advantage]];
  const title = step === undefined ? `Row ${row}` : `Step ${step}, row ${row}`;
  const others = Object.entries(columns).map(([name, value]) => `**${name}**\n\n${fenced(textOf(value))}\n`);
  return [
    `\n## ${title}\n`,
    `${facts.map(([name, score]) => `\`${String(name)}\` ${String(score)}`).join(' · ')}\n`,
    `**Prompt**\n\n${fenced(prompt)}\n`,
    `**Completion**\n\n${fenced(text)}\n`,
    ...others,
  ].join('\n');
}

/** A fence that no line of the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
