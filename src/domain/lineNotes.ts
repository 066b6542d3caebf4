import type { Explained, RegexCall, TraceEvent } from './explained';

/** What happened on one line for one sample: short beside the line, whole in the hover. */
export interface LineNote {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly hover: string;
}

const MOST_TEXT = 90;
const FIRST = 5;
const LAST = 2;

/** Notes for the lines of `file` that the sample reached, in order of line. */
export function lineNotes(explained: Explained, file: string): LineNote[] {
  const frames = new Set(explained.frames.filter((frame) => frame.file === file).map(({ id }) => id));
  const lines = new Map<number, TraceEvent[]>();
  for (const event of explained.events) {
    if (!frames.has(event.frame)) continue;
    const events = lines.get(event.statement) ?? [];
    lines.set(event.statement, [...events, event]);
  }
  const regexes = explained.regexes.filter((regex) => regex.file === file);
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([line, events]) =>
      noteOf(
        line,
        events,
        regexes.filter((regex) => regex.line === line),
      ),
    );
}

/** Which of `lines` of `file` stand in functions that the sample went through, and were not reached by it. */
export function missedLines(explained: Explained, file: string, lines: readonly number[]): number[] {
  const frames = new Set(explained.frames.filter((frame) => frame.file === file).map(({ id }) => id));
  const own = explained.events.filter(({ frame }) => frames.has(frame));
  const reached = new Set(own.map(({ statement }) => statement));
  const entered = own.filter(({ kind }) => kind === 'enter');
  return lines.filter(
    (line) => !reached.has(line) && entered.some((function_) => function_.line <= line && line <= function_.endLine),
  );
}

function noteOf(line: number, events: readonly TraceEvent[], regexes: readonly RegexCall[]): LineNote {
  const parts = [
    ...tests(events),
    ...stores(events),
    ...last(events, 'return').map(({ value }) => `→ ${value ?? 'None'}`),
    ...last(events, 'except').map(({ value }) => `⚠ ${value ?? 'exception'}`),
    ...regexes.flatMap(stopText),
  ];
  return { line, text: cut(parts.join(' · ')), hover: [...histories(events), ...regexes.map(regexText)].join('\n\n') };
}

/** One mark a test, counted where it was tried more than once: `✓`, `✗`, `✓ 3 ✗ 1`. */
function tests(events: readonly TraceEvent[]): string[] {
  const outcomes = events.filter(({ kind }) => kind === 'branch').map(({ truth }) => truth);
  const yes = outcomes.filter((truth) => truth === true).length;
  const no = outcomes.filter((truth) => truth === false).length;
  if (yes + no === 0) return [];
  if (yes + no === 1) return [yes === 1 ? '✓' : '✗'];
  return [[...(yes > 0 ? [`✓ ${yes}`] : []), ...(no > 0 ? [`✗ ${no}`] : [])].join(' ')];
}

/** `name = value`, the last one; with how often it was set, where it was set again. */
function stores(events: readonly TraceEvent[]): string[] {
  return [...byName(events)].map(([name, values]) => {
    const times = values.length > 1 ? ` (×${values.length})` : '';
    return `${name} = ${values.at(-1) ?? ''}${times}`;
  });
}

function byName(events: readonly TraceEvent[]): Map<string, string[]> {
  const named = new Map<string, string[]>();
  for (const { kind, name, value } of events) {
    if (kind === 'store' && name !== undefined && value !== undefined)
      named.set(name, [...(named.get(name) ?? []), value]);
  }
  return named;
}

function last(events: readonly TraceEvent[], kind: string): TraceEvent[] {
  const found = events.findLast((event) => event.kind === kind);
  return found ? [found] : [];
}

/** Every value a name had on this line: of many the first five and the last two. */
function histories(events: readonly TraceEvent[]): string[] {
  return [...byName(events)].map(([name, values]) => {
    const left = values.length - FIRST - LAST;
    const shown = left > 0 ? [...values.slice(0, FIRST), `… ${left} more …`, ...values.slice(-LAST)] : values;
    return `\`${name}\`: ${shown.map((value) => `\`${value}\``).join(', ')}`;
  });
}

function stopText({ stop }: RegexCall): string[] {
  return stop ? [`✗ regex stops at ${stop.at}: ${stop.reason}${stop.fix === undefined ? '' : ` (${stop.fix})`}`] : [];
}

function regexText({ pattern, method, found, spans, stop }: RegexCall): string {
  const asked = `\`${method}\` of \`${pattern}\``;
  if (found && !stop) return `${asked} matched at ${spans.map(([from, to]) => `${from}–${to}`).join(', ')}.`;
  if (!stop) return `${asked} found nothing.`;
  const fix = stop.fix === undefined ? '' : ` ${stop.fix} would make it match.`;
  return `${asked}: \`${stop.matched}\` matches up to ${stop.at}, then ${stop.reason}.${fix}`;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 1)}…` : line;
}
