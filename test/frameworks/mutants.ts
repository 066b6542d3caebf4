import { readFileSync } from 'node:fs';
import type { Span } from '../../src/domain/config/finding';
import type { Surroundings } from '../../src/domain/frameworks/framework';
import type { Rule } from '../../src/domain/frameworks/rule';
import { byPath } from '../../src/domain/language/catalogue';
import { factsOf } from '../../src/domain/language/compose';
import { resolve, type Judged } from '../../src/domain/language/resolve';
import type { DialectId, Setting, Sheet } from '../../src/domain/config/sheet';
import { judged as judgedOf } from '../unit/check';

/** A text with one thing wrong in it. */
export interface Mutant {
  readonly kind: 'misspelt' | 'choice' | 'type';
  readonly text: string;
  /** Where it is wrong. */
  readonly span: Span;
}

export const replaced = (text: string, { start, end }: Span, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** Two ways to misspell: a letter lost, two letters swapped. */
function misspelt(name: string): string[] {
  const at = Math.max(1, name.length - 3 - (name.length % 3));
  const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
  return [name.slice(0, at) + name.slice(at + 1), swapped].filter((other) => other !== name);
}

/** Misspelt keys, values outside the choices, words where numbers should be: each of them for each setting of a sheet. */
export function mutants(text: string, { sheet, catalogue }: Judged): Mutant[] {
  const known = byPath(catalogue);
  const names = new Set([...known.keys()].map((path) => path.split('.').at(-1)));
  return sheet.settings.flatMap((setting): Mutant[] => {
    const parameter = known.get(setting.path);
    const own = text.slice(setting.key.start, setting.key.end);
    const written = own.replace(/^--?/, '').split('.').at(-1) ?? '';
    if (!parameter || setting.section || setting.own || setting.prefix || written.length < 5 || !own.includes(written))
      return [];
    const keys = misspelt(written)
      .filter((name) => !names.has(name))
      .map((name) => mutant(text, setting, { from: written, to: name }));
    return [...keys, ...values(text, setting, { ...parameter, dialect: sheet.dialect })];
  });
}

function mutant(text: string, { key }: Setting, { from, to }: { readonly from: string; readonly to: string }): Mutant {
  const start = text.lastIndexOf(from, key.end);
  return {
    kind: 'misspelt',
    text: replaced(text, { start, end: start + from.length }, to),
    span: { start: key.start, end: key.end + 1 },
  };
}

interface Valued {
  readonly dialect: DialectId;
  readonly type: { readonly kind: string };
  readonly choices?: readonly unknown[];
  readonly late?: boolean;
}

function values(text: string, setting: Setting, { dialect, type, choices, late }: Valued): Mutant[] {
  const { valueSpan, variable, items } = setting;
  if (!valueSpan || variable !== undefined || items || setting.value === undefined) return [];
  const quote = /["']/.exec(text.charAt(valueSpan.start))?.[0] ?? '';
  const marks = quote === '' && dialect === 'call' ? "'" : quote;
  const put = (value: string): string => replaced(text, valueSpan, `${marks}${value}${marks}`);
  const span = { start: valueSpan.start, end: valueSpan.end + 10 };
  if (choices && !late) return [{ kind: 'choice', text: put('nonsense'), span }];
  if (['int', 'float'].includes(type.kind)) return [{ kind: 'type', text: put('many'), span }];
  return [];
}

/** A text in which a rule holds, and the same in which it is broken. */
export interface Broken {
  readonly rule: string;
  readonly kept: string;
  readonly broken: string;
  readonly around: Surroundings;
}

interface Pairs {
  readonly start: string;
  readonly around: Surroundings;
  readonly files?: Readonly<Record<string, string>>;
  readonly pairs: readonly (readonly [string, string, string, string?])[];
}

const tables = new Map<string, Pairs>();

function table(framework: string): Pairs {
  const known = tables.get(framework);
  if (known) return known;
  const file = new URL(`../unit/rules/${framework}.json`, import.meta.url);
  const read = JSON.parse(readFileSync(file, 'utf8')) as Pairs;
  tables.set(framework, read);
  return read;
}

/**
 * Every rule of the framework broken in turn, by the words of its own pair put into the text. Whatever else the rule looks
 * at is taken out of the text first, and so are files that it names and `"$@"`: what these say is not known.
 */
export function ruleMutants(text: string, judged: Judged): Broken[] | 'open' {
  const { start, around, files = {}, pairs } = table(judged.framework.id);
  const isCall = judged.sheet.dialect === 'call';
  const processes = /NPROC_PER_NODE=(\d+)/.exec(start)?.[1];
  const gpus = isCall && processes !== undefined ? { gpus: Number(processes) } : {};
  const surroundings = { ...around, ...gpus, file: (path: string) => files[path] };
  const bare = blanked(
    text,
    [...text.matchAll(/"?\$\{?@\}?"?/g)].map((one) => ({ start: one.index, end: one.index + one[0].length })),
  );
  const named = judged.framework
    .files(judged.sheet)
    .map(({ key, valueSpan }) => ({ start: key.start, end: (valueSpan ?? key).end }));
  if (isCall ? judged.sheet.open : judgedOf(bare).some(({ sheet }) => sheet.open)) return 'open';
  const isKnown = ({ key }: Written): boolean => !isCall || byPath(judged.catalogue).has(key);
  return pairs.flatMap(([id, broken, kept, version]) => {
    const [wrong, right] = [wordsOf(broken), wordsOf(kept)];
    const rule = judged.framework.rules.find((one) => one.id === id);
    if (version !== undefined || !wrong || !right || !rule || ![...wrong, ...right].every(isKnown)) return [];
    const looks = looksAt(rule, `${start} ${broken}`, surroundings);
    const keys = [...wrong, ...right].map(({ key }) => key);
    const spans = [...named, ...settingsOf(judged, [...keys, ...looks]).map((one) => extent(one, text))];
    const needed = (wordsOf(start.replace(/^.*?(?= --| [a-z][\w.]+=|$)/, '')) ?? []).filter(({ key }) =>
      looks.includes(key),
    );
    const prefix = /^(?:[A-Z_]+=\S+ )*/.exec(start)?.[0] ?? '';
    const put = (words: readonly Written[]): string =>
      withWords(blanked(bare, spans), { prefix, words: [...needed, ...words] }, judged.sheet);
    return [{ rule: id, kept: put(right), broken: put(wrong), around: surroundings }];
  });
}

const seen = new Map<string, readonly string[]>();

/** Keys, options and environment variables that a rule asks for when it is broken in this way. */
function looksAt(rule: Rule, text: string, around: Surroundings): readonly string[] {
  const known = seen.get(text + rule.id);
  if (known) return known;
  const names = new Set<string>();
  for (const one of judgedOf(text)) {
    const facts = factsOf(one, around);
    const asked = new Proxy(facts, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]): unknown => {
          for (const value of given) if (typeof value === 'string') names.add(value);
          return Reflect.apply(member, target, given);
        };
      },
    });
    rule.broken(asked);
  }
  seen.set(text + rule.id, [...names]);
  return [...names];
}

/** What chooses a backend of training: rules of another backend say nothing. */
const ENGINE = /(^|\.)model_engine$|@/;

/** Settings, options and variables of a sheet by their names. */
function settingsOf(judged: Judged, names: readonly string[]): Pick<Setting, 'key' | 'valueSpan' | 'prefix'>[] {
  const { settings, environment, options = [] } = judged.sheet;
  const given = settings.filter((setting) => {
    if (ENGINE.test(setting.path)) return true;
    const found = resolve(setting.path, judged);
    return names.includes(found.kind === 'parameter' ? found.parameter.path : setting.path);
  });
  const variables = environment.filter(({ name }) => names.includes(name));
  return [...given, ...options.filter(({ path }) => names.includes(path) || path === 'config_name'), ...variables];
}

interface Written {
  readonly key: string;
  /** The whole word or words, as a command has them. */
  readonly text: string;
  readonly value: string;
}

/** `--a b --c` or `x.y=z +v=w`; undefined where there are words of another kind. */
function wordsOf(words: string): Written[] | undefined {
  if (/swift rlhf|main_ppo|[A-Z]{3,}=/.test(words)) return undefined;
  const parts = words.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  const found: { key: string; text: string; value: string }[] = [];
  for (const part of parts) {
    const [, key, value] = /^(?:--|[+]{1,2})?([\w.]+)=(.*)$/.exec(part) ?? [];
    if (key !== undefined) found.push({ key, text: part, value: value ?? '' });
    else if (part.startsWith('--')) found.push({ key: part.slice(2), text: part, value: '' });
    else {
      const last = found.at(-1);
      if (!last) return undefined;
      last.text += ` ${part}`;
      last.value += `${last.value === '' ? '' : ' '}${part}`;
    }
  }
  return found;
}

/** Blanks in the place of these spans: what stands elsewhere keeps its place. */
function blanked(text: string, spans: readonly Span[]): string {
  return spans.reduce(
    (whole, { start, end }) => whole.slice(0, start) + ' '.repeat(end - start) + whole.slice(end),
    text,
  );
}

function extent(setting: Pick<Setting, 'key' | 'valueSpan' | 'prefix'>, text: string): Span {
  let end = setting.valueSpan?.end ?? setting.key.end;
  while (/["']/.test(text.charAt(end))) end++;
  end += /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  return { start: setting.key.start - (setting.prefix?.length ?? 0), end };
}

interface Put {
  /** Variables of the environment that the rule's own text starts with. */
  readonly prefix: string;
  readonly words: readonly Written[];
}

/** The words behind the program's name, the variables before it; in a call, as its first arguments. */
function withWords(text: string, { prefix, words }: Put, { commandSpan, dialect }: Sheet): string {
  const { start, end } = commandSpan ?? { start: 0, end: 0 };
  if (dialect === 'call') {
    const at = text.indexOf('(', end) + 1;
    return `${text.slice(0, at)}${words.map(({ key, value }) => `${key}=${python(value)}, `).join('')}${text.slice(at)}`;
  }
  const said = words.map((word) => word.text).join(' ');
  return `${text.slice(0, start)}${prefix}${text.slice(start, end)} ${said}${text.slice(end)}`;
}

/** A word of a command line as Python has it. */
function python(value: string): string {
  if (value === '' || /^true$/i.test(value)) return 'True';
  if (/^(false|none)$/i.test(value)) return value.charAt(0).toUpperCase() + value.slice(1).toLowerCase();
  if (/^[-+.\d][-+.\de]*$/.test(value)) return value;
  if (value.startsWith("'{")) return value.slice(1, -1);
  const parts = value.split(' ');
  return parts.length > 1 ? `[${parts.map(python).join(', ')}]` : JSON.stringify(value);
}
