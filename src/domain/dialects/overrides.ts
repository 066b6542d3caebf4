import type { Setting, Sheet } from '../config/sheet';
import { knownStart, placeIn, readFlags, spanOf } from './flags';
import { textOf, type Piece, type Word } from './shell/expand';
import { hydraValue } from './hydra';
import { movedSetting, type Draft } from './shift';

/** Flags of Hydra's own that take no value. */
const BARE = new Set(['--multirun', '-m', '--help', '--hydra-help', '--info', '--resolve', '--run', '-r', '-h']);

/** `a.b=c`, `+a.b=c`, `++a.b=c`, `~a.b`, and Hydra's own `--config-name x` as options. */
export function readOverrides(words: readonly Word[]): Pick<Sheet, 'settings' | 'positional' | 'open' | 'options'> {
  const settings: Setting[] = [];
  const options: Setting[] = [];
  const positional: Sheet['positional'][number][] = [];
  let open = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    const start = word.pieces[0]?.text ?? '';
    if (/^-{1,2}[a-z]/i.test(start)) {
      const takes = start.includes('=') || BARE.has(start) ? 1 : 2;
      options.push(...readFlags(words.slice(at, at + takes)).settings);
      at += takes - 1;
    } else if (word.open) {
      open = true;
      positional.push({ span: spanOf(word) });
    } else settings.push(movedSetting(settingOf(word), word.base));
  }
  return { settings, positional, options, ...(open ? { open } : {}) };
}

function prefixOf(text: string): '' | '+' | '++' | '~' {
  if (text.startsWith('++')) return '++';
  if (text.startsWith('+')) return '+';
  return text.startsWith('~') ? '~' : '';
}

/** What words said before, places counted from their bases: a word that did not change keeps its pieces. */
const before = new WeakMap<readonly Piece[], Setting>();

function settingOf(word: Word): Setting {
  const known = before.get(word.pieces);
  if (known) return known;
  const read = setting(word);
  before.set(word.pieces, read);
  return read;
}

function setting(word: Word): Setting {
  const start = knownStart(word);
  const prefix = prefixOf(start);
  const equals = start.indexOf('=', prefix.length);
  const path = start.slice(prefix.length, equals < 0 ? start.length : equals);
  const keyStart = path === '' ? word.span.start : placeIn(word, prefix.length);
  const keyEnd = path === '' ? word.span.end : placeIn(word, prefix.length + path.length - 1) + 1;
  const made: Draft = { path: path.trim(), key: { start: keyStart, end: Math.max(keyStart, keyEnd) } };
  if (prefix !== '') made.prefix = prefix;
  if (equals < 0) return made;
  const from = prefix.length + path.length + 1;
  made.valueSpan = { start: placeIn(word, from - 1) + 1, end: word.span.end };
  const written = textOf(word)?.slice(from);
  if (written !== undefined) {
    made.text = written;
    made.value = hydraValue(written);
  }
  const variable = word.pieces.find((piece) => piece.variable !== undefined)?.variable;
  if (variable !== undefined) made.variable = variable;
  return made;
}
