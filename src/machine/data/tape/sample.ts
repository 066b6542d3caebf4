import type { StandIns } from '../../../domain/dataset/standIns';
import {
  BYTES_SLOT,
  END,
  INSIDE,
  LIST_SLOT,
  LITERAL,
  NUMBER_SLOT,
  RECORD_SLOT,
  SEGMENT,
  TAG,
  TEXT_END,
  TEXT_SLOT,
  type Word,
} from './state';
import { FALSE, LIST, NULL, TEXT, TRUE } from './tape';

/** A record of a shape, with stand-ins numbered as the values that the shape leaves open. */
export function sampleOf(words: readonly Word[], standIns: StandIns, tags: readonly string[]): Record<string, unknown> {
  let at = 0;
  const key = (): string => (words[at++]?.text ?? '').toString();
  const text = (): string => {
    let whole = '';
    for (let word = words[at++]?.word; word !== TEXT_END && word !== undefined; word = words[at++]?.word)
      whole += word === SEGMENT ? standIns.text() : (tags[word - TAG] ?? '');
    return whole;
  };
  const inside = (word: number): unknown => {
    const count = (word - INSIDE) >> 4;
    if (((word - INSIDE) & 15) === LIST) return Array.from({ length: count }, value);
    return Object.fromEntries(Array.from({ length: count }, () => [key(), value()] as const));
  };
  const value = (): unknown => {
    const { word = END, text: literal } = words[at] ?? {};
    if (word === SEGMENT || word === TEXT_END || (word >= TAG && word < INSIDE)) return text();
    at += 1;
    if (word >= INSIDE) return inside(word);
    return word === LITERAL + TEXT ? (literal ?? '').toString() : (FIXED.get(word)?.(standIns) ?? null);
  };
  const record: Record<string, unknown> = {};
  while (at < words.length && words[at]?.word !== END) record[key()] = value();
  return record;
}

const FIXED: ReadonlyMap<number, (standIns: StandIns) => unknown> = new Map<number, (standIns: StandIns) => unknown>([
  [LITERAL + NULL, () => null],
  [LITERAL + FALSE, () => false],
  [LITERAL + TRUE, () => true],
  [TEXT_SLOT, (standIns) => standIns.text()],
  [NUMBER_SLOT, (standIns) => standIns.number()],
  [BYTES_SLOT, (standIns) => standIns.bytes()],
  [LIST_SLOT, (standIns) => standIns.list()],
  [RECORD_SLOT, (standIns) => standIns.record()],
]);
