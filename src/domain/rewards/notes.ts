import type { Cause, Explained, TraceEvent } from './explained';

/** What stands beside one line for the sample that is looked at. */
export interface LineNote {
  /** 1-based. */
  readonly line: number;
  /** For the end of the line: the last values, and the outcome of its test. */
  readonly text: string;
  /** Outcome of the line's test, the last time. */
  readonly outcome?: boolean;
  /** Something was caught here. */
  readonly caught?: string;
  /** For the hover, where a value changed: first and last iterations, one per line. */
  readonly history: readonly string[];
}

/** A value within a line: an operand of the test that decided. Columns count UTF-8 bytes, as Python does. */
export interface OperandNote {
  readonly line: number;
  readonly endLine: number;
  readonly endCol: number;
  readonly value: string;
}

export interface Notes {
  readonly lines: readonly LineNote[];
  /** Lines that this sample reached. */
  readonly reached: readonly number[];
  /** The statement that the score came from, and the test that led to it. */
  readonly deciding: { readonly line: number; readonly test?: number };
  readonly operands: readonly OperandNote[];
}

const FIRST = 5;
const LAST = 2;
const MOST = 100;

/** Notes for one file's lines, of one explained sample or prepared row. */
export function notesOf(
  explained: Pick<Explained, 'frames' | 'events'> & Partial<Pick<Explained, 'why'>>,
  file: string,
): Notes {
  const own = new Set(explained.frames.filter((frame) => frame.file === file).map(({ id }) => id));
  const events = explained.events.filter(({ frame }) => own.has(frame));
  const deciding = decidingOf(explained.why ?? null, file);
  return {
    lines: [...byStatement(events)].flatMap(([line, happened]) => lineNote(line, happened) ?? []),
    reached: [...new Set(events.map(({ statement }) => statement))].sort((a, b) => a - b),
    deciding,
    operands: operandsOf(events, deciding.test),
  };
}

function byStatement(events: readonly TraceEvent[]): Map<number, TraceEvent[]> {
  const lines = new Map<number, TraceEvent[]>();
  for (const event of events) {
    const line = event.kind === 'except' || event.kind === 'element' ? event.line : event.statement;
    const known = lines.get(line);
    if (known) known.push(event);
    else lines.set(line, [event]);
  }
  return new Map([...lines].sort(([a], [b]) => a - b));
}

function lineNote(line: number, happened: readonly TraceEvent[]): LineNote | undefined {
  const values = new Map<string, string[]>();
  const events = ownReturn(happened);
  const shared: boolean[] = [];
  const whole = events.some(({ kind }) => kind === 'return' || kind === 'store' || kind === 'append');
  for (const event of events) {
    const label = event.kind === 'element' && whole ? undefined : labelOf(event);
    if (label === undefined || event.value === undefined) continue;
    shared.push(event.shared === true);
    values.set(label, [...(values.get(label) ?? []), event.value]);
  }
  const outcome = events.findLast(({ kind, line: at }) => (kind === 'test' || kind === 'branch') && at === line)?.truth;
  const caught = events.findLast(({ kind }) => kind === 'except' || kind === 'leaves')?.value;
  const shown = [...values].map(([label, all]) => `${label}${all.at(-1) ?? ''}${times(all.length)}`);
  const parts = [
    ...(outcome === undefined ? [] : [outcome ? '✓' : '✗']),
    ...shown,
    ...(caught ? [`caught ${caught}`] : []),
  ];
  if (parts.length === 0) return undefined;
  if (shared.length > 0 && shared.every((one) => one)) parts.push('whole batch');
  return {
    line,
    text: cut(parts.join(' · ')),
    ...(outcome === undefined ? {} : { outcome }),
    ...(caught === undefined ? {} : { caught }),
    history: [...values].flatMap(([label, all]) => (new Set(all).size > 1 ? history(label, all) : [])),
  };
}

/** In a call of a whole batch a comprehension's element says more of the sample than the list of all. */
function ownReturn(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const own = events.some(({ kind, shared }) => kind === 'element' && shared !== true);
  return own ? events.filter(({ kind, shared }) => kind !== 'return' || shared !== true) : events;
}

/** What a value is introduced by; undefined for what has no note of its own. */
function labelOf({ kind, name, value }: TraceEvent): string | undefined {
  if (kind === 'store') return `${name ?? '_'} = `;
  if (kind === 'return' || kind === 'append' || kind === 'element') return '→ ';
  const plain = value === 'True' || value === 'False';
  return kind === 'test' && !plain ? 'test: ' : undefined;
}

function times(count: number): string {
  return count > 1 ? ` (×${count})` : '';
}

function history(label: string, values: readonly string[]): string[] {
  const all = values.map((value, at) => `${at + 1}. ${label}${value}`);
  if (all.length <= FIRST + LAST) return all;
  return [...all.slice(0, FIRST), `… ${all.length - FIRST - LAST} more …`, ...all.slice(-LAST)];
}

function decidingOf(why: Cause | null, file: string): Notes['deciding'] {
  const here = why === null ? undefined : innermost(why, file);
  const test = here?.because.find(({ how }) => how === 'in') ?? here?.because[0];
  return { line: here?.line ?? 0, ...(test === undefined ? {} : { test: test.line }) };
}

/** Down the tree as long as there is only one way and the value stays what it was. */
function innermost(cause: Cause, file: string): Cause {
  const [only, ...more] = cause.from;
  const goes = only !== undefined && more.length === 0 && only.value === cause.value && (only.file ?? file) === file;
  return goes ? innermost(only, file) : cause;
}

/** Operands as they were the last time that the test was evaluated. */
function operandsOf(events: readonly TraceEvent[], line: number | undefined): OperandNote[] {
  const known = new Map<string, OperandNote>();
  for (const { kind, statement, value, line: at, col, endLine, endCol } of events) {
    if (statement !== line || value === undefined || (kind !== 'operand' && kind !== 'expr')) continue;
    known.set(`${at}:${col}:${endLine}:${endCol}`, { line: at, endLine, endCol, value: cut(value) });
  }
  return [...known.values()];
}

function cut(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
}

/** UTF-16 column of a column that counts UTF-8 bytes. */
export function columnOf(line: string, bytes: number): number {
  let seen = 0;
  let column = 0;
  for (const char of line) {
    if (seen >= bytes) break;
    const code = char.codePointAt(0) ?? 0;
    seen += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    column += char.length;
  }
  return column;
}
