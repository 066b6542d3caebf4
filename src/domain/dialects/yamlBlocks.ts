import type { Span } from '../config/finding';
import type { Setting } from '../config/sheet';

/** A stretch of whole lines of one mapping: either the head of a section or entries that are read together. */
export interface Block {
  readonly prefix: string;
  readonly start: number;
  readonly end: number;
  /** Where it is the head of a section: its key. */
  readonly section?: { readonly path: string; readonly key: Span; readonly bodyEnd: number };
}

/** What ties distant places of a text together, so that it must be read as a whole. */
const TIED = /^---|^\.\.\.|\t|^ *\? |<<:|[:,[{-] *[&*!][\w<]/m;
const ENTRY = /^( *)([\w.@/-]+):([ \r]|$)/;
const HEAD = /^ *[\w.@/-]+:[ \r]*(#.*)?$/;

/** Blocks of fewer lines are not cut further. */
const SMALL = 24;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Cuts a file of settings into blocks that can be read by themselves, so that a keystroke has one of them read anew and
 * half a line harms its own entry only. Undefined where the text is not plain enough for that.
 */
export function blocksOf(text: string): Block[] | undefined {
  if (text.length < 2000 || TIED.test(text)) return undefined;
  const blocks: Block[] = [];
  return cut(linesOf(text), { indent: 0, prefix: '' }, blocks) ? blocks : undefined;
}

/** The entries of a block's text one by one, with their places in it; undefined where it has no first entry. */
export function entriesIn(text: string): Span[] | undefined {
  const lines = linesOf(text);
  const first = lines.find((line) => !isBlank(line));
  const entries = first && entriesOf(lines, indentOf(first));
  return entries?.map((entry) => ({ start: entry[0]?.start ?? 0, end: entry.at(-1)?.end ?? 0 }));
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found + 1;
    lines.push({ start, end, text: text.slice(start, found < 0 ? end : found) });
    start = end;
  }
  return lines;
}

interface Level {
  readonly indent: number;
  readonly prefix: string;
}

const isBlank = ({ text }: Line): boolean => /^\s*(#.*)?$/.test(text);

function cut(lines: readonly Line[], level: Level, blocks: Block[]): boolean {
  const entries = entriesOf(lines, level.indent);
  if (!entries) return false;
  let waiting: Line[] = [];
  const flush = (): void => {
    const [first] = waiting;
    const last = waiting.at(-1);
    if (first && last) blocks.push({ prefix: level.prefix, start: first.start, end: last.end });
    waiting = [];
  };
  for (const entry of entries) {
    const inner = entry.length > SMALL ? sectionOf(entry, level) : undefined;
    if (!inner) {
      waiting.push(...entry);
      if (waiting.length > SMALL) flush();
      continue;
    }
    flush();
    blocks.push(inner.block);
    if (!cut(inner.body, inner.level, blocks)) return false;
  }
  flush();
  return true;
}

const indentOf = ({ text }: Line): number => text.length - text.trimStart().length;

/** The lines of each entry of a mapping, what is no entry with the one above; undefined where none stands above. */
function entriesOf(lines: readonly Line[], indent: number): Line[][] | undefined {
  const entries: Line[][] = [];
  let entry: Line[] | undefined;
  for (const line of lines) {
    const starts = !isBlank(line) && indentOf(line) === indent && ENTRY.test(line.text);
    if (entry && !starts) entry.push(line);
    else if (starts || isBlank(line)) entries.push((entry = [line]));
    else return undefined;
  }
  return entries;
}

function sectionOf(
  entry: readonly Line[],
  { prefix }: Level,
): { block: Block; body: readonly Line[]; level: Level } | undefined {
  const [head, ...body] = entry;
  const first = body.find((line) => !isBlank(line));
  const last = entry.at(-1);
  if (!head || !first || !last || !HEAD.test(head.text)) return undefined;
  const [, inner = '', name] = ENTRY.exec(first.text) ?? [];
  const [, own = '', key = ''] = ENTRY.exec(head.text) ?? [];
  if (name === undefined || inner.length <= own.length) return undefined;
  const start = head.start + own.length;
  const path = `${prefix}${key}`;
  const section = { path, key: { start, end: start + key.length }, bodyEnd: last.end };
  const block = { prefix, start: head.start, end: head.end, section };
  return { block, body, level: { indent: inner.length, prefix: `${path}.` } };
}

/** Settings of a block that was read by itself, with their paths and places in the whole text. */
export function placed(settings: readonly Setting[], { prefix, start }: Pick<Block, 'prefix' | 'start'>): Setting[] {
  const moved = (span: Span): Span => ({ start: span.start + start, end: span.end + start });
  return settings.map(({ path, key, ...rest }) => {
    const here = { ...rest, path: prefix + path, key: moved(key) };
    if (!rest.valueSpan) return here;
    const whole = { ...here, valueSpan: moved(rest.valueSpan) };
    return rest.items ? { ...whole, items: rest.items.map((item) => ({ ...item, span: moved(item.span) })) } : whole;
  });
}
