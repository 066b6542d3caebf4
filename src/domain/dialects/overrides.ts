import type { Setting, Sheet } from '../sheet';
import { placeIn, readFlags } from './flags';
import { textOf, type Word } from './shell/expand';
import { hydraValue } from './hydra';

const KEY = /^(\+\+|\+|~)?([^=]*)(=)?/;

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
      positional.push({ span: word.span });
    } else settings.push(setting(word));
  }
  return { settings, positional, options, ...(open ? { open } : {}) };
}

function knownStart(word: Word): string {
  const unknown = word.pieces.findIndex((piece) => piece.text === undefined);
  const known = unknown < 0 ? word.pieces : word.pieces.slice(0, unknown);
  return known.map((piece) => piece.text).join('');
}

function setting(word: Word): Setting {
  const [, prefix = '', path = '', equals] = KEY.exec(knownStart(word)) ?? [];
  const keyStart = path === '' ? word.span.start : placeIn(word, prefix.length);
  const keyEnd = path === '' ? word.span.end : placeIn(word, prefix.length + path.length - 1) + 1;
  const text = textOf(word);
  const base: Setting = {
    path: path.trim(),
    key: { start: keyStart, end: Math.max(keyStart, keyEnd) },
    ...(prefix === '' ? {} : { prefix: prefix as '+' | '++' | '~' }),
  };
  if (equals === undefined) return base;
  const from = prefix.length + path.length + 1;
  const valueSpan = { start: placeIn(word, from - 1) + 1, end: word.span.end };
  const variable = word.pieces.find((piece) => piece.variable !== undefined)?.variable;
  const named = variable === undefined ? {} : { variable };
  if (text === undefined) return { ...base, valueSpan, ...named };
  const written = text.slice(from);
  return { ...base, valueSpan, text: written, value: hydraValue(written), ...named };
}
