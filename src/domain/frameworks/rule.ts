import type { Change, Finding, Fix, Span, Weight } from '../config/finding';
import type { Value } from '../config/parameter';
import { extentOf, type Setting } from '../config/sheet';
import type { Facts } from './facts';

/** A value that would satisfy a rule. */
export interface Mend {
  readonly path: string;
  /** Null takes the key out. */
  readonly value: Value;
}

/** What a rule has to say about a configuration. */
export interface Said {
  readonly text: string;
  /** The keys it is about, the one to mark first. */
  readonly at: readonly string[];
  readonly mends?: readonly Mend[];
}

/** A rule between parameters of one framework, as its source has it. */
export interface Rule {
  readonly id: string;
  readonly weight: Weight;
  /** `path:line` in the framework's repository at the catalogue's pin. */
  readonly source: string;
  /** First release that has it. */
  readonly since?: string;
  /** First release without it. */
  readonly until?: string;
  /** Undefined where the rule holds or where what it needs cannot be known. */
  readonly broken: (facts: Facts) => Said | undefined;
}

/** Findings of every broken rule, in the order of the rules. */
export function applyRules(rules: readonly Rule[], facts: Facts): Finding[] {
  return rules.flatMap((rule) => {
    if (rule.since && facts.isBefore(rule.since)) return [];
    if (rule.until && !facts.isBefore(rule.until)) return [];
    const said = rule.broken(facts);
    return said ? [finding(rule, said, facts)] : [];
  });
}

function finding({ id, weight }: Rule, { text, at, mends = [] }: Said, facts: Facts): Finding {
  const marked = at.find((path) => facts.place(path) !== undefined);
  const span = (marked === undefined ? undefined : facts.place(marked)) ?? whole(facts);
  const key = at[0];
  const fixes = mends.flatMap((mend) => fixOf(mend, facts) ?? []);
  return {
    span,
    weight,
    rule: id,
    text,
    ...(key === undefined ? {} : { key }),
    ...(fixes.length > 0 ? { fixes } : {}),
  };
}

/** Where a missing key is said to be missing: the command, the callee, the file's first key. */
function whole({ sheet }: Facts): Span {
  return sheet.commandSpan ?? sheet.settings[0]?.key ?? { start: sheet.span.start, end: sheet.span.start + 1 };
}

/** Writes a value into the text; undefined where another file, or a variable, says it. */
export function fixOf({ path, value }: Mend, facts: Facts): Fix | undefined {
  const setting = facts.given(path);
  const inText = setting !== undefined && facts.sheet.settings.includes(setting);
  if (setting && !inText) return undefined;
  if (value === null) {
    const span = setting && extentOf(setting);
    return span && { title: `Remove ${path}`, changes: [{ span, text: '' }] };
  }
  const written = writtenAs(value, facts);
  const title = `Set ${path} to ${written}`;
  const change = setting ? replaced(setting, written, facts) : added(path, written, facts);
  return change && { title, changes: [change] };
}

function writtenAs(value: Value, { sheet }: Facts): string {
  if (sheet.dialect === 'call' && typeof value !== 'string') return python(value);
  return sheet.dialect === 'flags' && Array.isArray(value) ? value.map(plain).join(' ') : plain(value);
}

function python(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

function plain(value: Value): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A value that a variable brings is changed where the variable is set, not here. */
function replaced(setting: Setting, written: string, { sheet }: Facts): Change | undefined {
  if (setting.variable !== undefined) return undefined;
  const quoted = sheet.dialect === 'call' && typeof setting.value === 'string' ? `'${written}'` : written;
  if (setting.valueSpan) return { span: setting.valueSpan, text: quoted };
  return sheet.dialect === 'flags'
    ? { span: { start: setting.key.end, end: setting.key.end }, text: ` ${written}` }
    : undefined;
}

/** Adds a key after the last one, in the way in which the text writes keys. */
function added(path: string, written: string, { sheet }: Facts): Change | undefined {
  const last = sheet.settings.filter(({ section }) => !section).at(-1);
  const at = last ? (last.valueSpan?.end ?? last.key.end) : sheet.commandSpan?.end;
  if (at === undefined) return undefined;
  const span = { start: at, end: at };
  if (sheet.dialect === 'flags') return { span, text: ` --${path} ${written}` };
  if (sheet.dialect === 'overrides') return { span, text: ` ${path}=${written}` };
  if (sheet.dialect === 'call') return last ? { span, text: `, ${path}=${written}` } : undefined;
  return path.includes('.') ? undefined : { span, text: `\n${path}: ${written}` };
}

/** The two nearest numbers to `from`, from 2 up, that `fits` takes: for "nearest that work". */
export function nearestThatFit(from: number, fits: (value: number) => boolean): number[] {
  const found: number[] = [];
  for (let away = 1; away <= 4096 && found.length < 2; away++) {
    for (const candidate of [from - away, from + away]) if (candidate > 1 && fits(candidate)) found.push(candidate);
  }
  return found.slice(0, 2).sort((a, b) => a - b);
}

/** How a sentence about numbers that do not divide ends: with those that would, else with what to do instead. */
export function thatWork(near: readonly number[], instead: string): string {
  return near.length > 0 ? `; nearest that work: ${near.join(', ')}.` : `: ${instead}.`;
}
