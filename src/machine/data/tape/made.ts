import type { Recast } from '../../../domain/dataset/standIns';
import type { Tape } from './tape';

/** A piece of a text: a value of the old record, or a constant in the store of the tape. */
export interface Piece {
  /** −1: a constant. */
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** What a value of the new record is made of, with its constants in place. */
export interface Made {
  readonly kind: 'slot' | 'text' | 'list' | 'record' | 'fixed';
  readonly slot: number;
  /** Of a text; and how many bytes of constants stand before its first value. */
  readonly pieces: readonly Piece[];
  readonly lead: number;
  /** Of a list, its items; of a record, its values, with their keys. */
  readonly parts: readonly Made[];
  readonly keys: readonly Piece[];
  readonly fixed: number | boolean | null;
}

const EMPTY = { slot: -1, pieces: [], lead: 0, parts: [], keys: [], fixed: null };

/** Puts the constants of a recast value into the store. Undefined where it has no room for them. */
export function madeOf(value: Recast, tape: Tape): Made | undefined {
  if ('slot' in value) return { ...EMPTY, kind: 'slot', slot: value.slot };
  if ('pieces' in value) return textOf(value.pieces, tape);
  if ('fixed' in value) return { ...EMPTY, kind: 'fixed', fixed: value.fixed };
  const inner = 'items' in value ? value.items : value.fields.map(([, field]) => field);
  const parts = inner.map((one) => madeOf(one, tape)).filter((part) => part !== undefined);
  const names = 'fields' in value ? value.fields.map(([key]) => key) : [];
  const keys = names.map((key) => constant(key, tape)).filter((key) => key !== undefined);
  if (parts.length < inner.length || keys.length < names.length) return undefined;
  return { ...EMPTY, kind: 'items' in value ? 'list' : 'record', parts, keys };
}

function textOf(texts: readonly (string | number)[], tape: Tape): Made | undefined {
  const all = texts.length > 0 ? texts : [''];
  const pieces = all.map((one) => (typeof one === 'number' ? { slot: one, from: 0, to: 0 } : constant(one, tape)));
  const whole = pieces.filter((piece) => piece !== undefined);
  if (whole.length < pieces.length) return undefined;
  const first = whole.findIndex(({ slot }) => slot >= 0);
  const lead = whole.slice(0, Math.max(0, first)).reduce((sum, { from, to }) => sum + to - from, 0);
  return { ...EMPTY, kind: 'text', slot: whole[first]?.slot ?? -1, pieces: whole, lead };
}

function constant(text: string, tape: Tape): Piece | undefined {
  const from = tape.constant(text);
  return from === undefined ? undefined : { slot: -1, from, to: from + Buffer.byteLength(text) };
}
