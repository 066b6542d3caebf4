import type { Span } from '../config/finding';
import type { Setting, Sheet } from '../config/sheet';
import { moved, movedSetting } from './shift';
import { textOf, type Piece, type Word } from './shell/expand';

/** Where a word stands in the script. */
export function spanOf(word: Word): Span {
  return moved(word.span, word.base);
}

/** Where the character at `index` of a word's text stands, counted from the word's base. */
export function placeIn(word: Word, index: number): number {
  let left = index;
  for (const piece of word.pieces) {
    const length = piece.text?.length ?? 0;
    if (left < length) return Math.min(piece.span.start + left, piece.span.end);
    left -= length;
  }
  return word.pieces.at(-1)?.span.end ?? word.span.end;
}

type Read = Pick<Sheet, 'settings' | 'positional' | 'open' | 'options'>;

interface Value {
  readonly text?: string;
  readonly span: Span;
  readonly variable?: string;
}

const FLAG = /^--?(?=[A-Za-z-])/;

/** Text before the first piece that is not known: `--name=` of `--name=$X`. */
export function knownStart(word: Word): string {
  let text = '';
  for (const piece of word.pieces) {
    if (piece.text === undefined) break;
    text += piece.text;
  }
  return text;
}

/** `--name value…`, `--name=value`, `--name`, and what stands between them. */
export function readFlags(words: readonly Word[]): Read {
  const settings: Setting[] = [];
  const positional: { readonly text?: string; readonly span: Span }[] = [];
  let open = false;
  for (let at = 0; at < words.length;) {
    const word = words[at++];
    if (word === undefined) break;
    if (textOf(word) === '...' || textOf(word) === '…') {
      open = true;
      continue;
    }
    if (!isFlag(word)) {
      open ||= word.open === true;
      positional.push(valueOf(word, 0));
      continue;
    }
    const from = at;
    const inline = knownStart(word).includes('=');
    while (!inline && at < words.length && isValue(words[at], at - from)) at++;
    settings.push(movedSetting(settingOf(word, words.slice(from, at)), word.base));
  }
  return { settings, positional, ...(open ? { open } : {}) };
}

/** A flag starts with dashes and a letter (`-1e-3` is a value); alone, `--` is the start of one. */
function isFlag(word: Word): boolean {
  const first = word.pieces[0]?.text;
  if (first === undefined || (first !== '' && !first.startsWith('-'))) return false;
  const start = knownStart(word);
  return FLAG.test(start) || (start === '--' && textOf(word) === '--');
}

/** A word that could be any number of words (`$EXTRA`) counts as the first value of a flag, not as a later one. */
function isValue(word: Word | undefined, before: number): boolean {
  if (!word || isFlag(word) || /^(\.\.\.|…)$/.test(textOf(word) ?? '')) return false;
  return !word.open || (before === 0 && word.pieces[0]?.variable !== '@');
}

/** What a flag said before with the words behind it: what did not change keeps its pieces. */
interface Said {
  readonly values: readonly (readonly Piece[])[];
  readonly setting: Setting;
}

const before = new WeakMap<readonly Piece[], Said>();

/** A flag with its values, places counted from the flag's base. */
function settingOf(word: Word, words: readonly Word[]): Setting {
  const known = before.get(word.pieces);
  const together = words.every(({ base }) => base === word.base);
  if (together && known?.values.length === words.length && words.every(({ pieces }, at) => pieces === known.values[at]))
    return known.setting;
  const [name, inline] = nameAndValue(word);
  const values = words.map((one) => valueOf(one, word.base));
  const read = inline
    ? setting(word, name, [inline])
    : { ...setting(word, name, values), ...apart(word, words, values) };
  if (together) before.set(word.pieces, { values: words.map(({ pieces }) => pieces), setting: read });
  return read;
}

/** Of values that something else brought than the flag: the place of those that stand together. */
function apart(word: Word, words: readonly Word[], values: readonly Value[]): Pick<Setting, 'apart' | 'valueSpan'> {
  if (words.every(({ by }) => by === word.by)) return {};
  const other = words.findIndex(({ by }) => by !== words[0]?.by);
  const [first, last] = [values[0], values.at(other < 0 ? -1 : other - 1)];
  return first && last ? { apart: true, valueSpan: { start: first.span.start, end: last.span.end } } : {};
}

function nameAndValue(word: Word): [string, Value | undefined] {
  const start = knownStart(word);
  const equals = start.indexOf('=');
  if (equals < 0) return [start, undefined];
  const text = textOf(word);
  const span = { start: placeIn(word, equals) + 1, end: word.span.end };
  const known = text === undefined ? {} : { text: text.slice(equals + 1) };
  return [start.slice(0, equals), { span, ...known, ...variableOf(word) }];
}

function variableOf(word: Word): { variable?: string } {
  const variable = word.pieces.find((piece) => piece.variable !== undefined)?.variable;
  return variable === undefined ? {} : { variable };
}

/** A word as a value, its place counted from an offset. */
function valueOf(word: Word, base: number): Value {
  const text = textOf(word);
  return { span: moved(word.span, word.base - base), ...(text === undefined ? {} : { text }), ...variableOf(word) };
}

function setting(word: Word, flag: string, values: readonly Value[]): Setting {
  const path = flag.replace(/^--?/, '').replaceAll('-', '_');
  const key = { start: word.span.start, end: placeIn(word, flag.length - 1) + 1 };
  const [first] = values;
  const last = values.at(-1);
  if (!first || !last) return { path, key };
  const known = values.every((value) => value.text !== undefined);
  const texts = values.map((value) => value.text ?? '');
  const valueSpan = { start: first.span.start, end: last.span.end };
  const several = values.length > 1 ? { items: values, value: texts } : { value: texts[0] ?? '' };
  const variable = values.length === 1 && first.variable !== undefined ? { variable: first.variable } : {};
  if (!known) return { path, key, valueSpan, ...variable, ...(values.length > 1 ? { items: values } : {}) };
  return { path, key, valueSpan, text: texts.join(' '), ...several, ...variable };
}
