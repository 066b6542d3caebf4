import { sep } from 'node:path';
import { MEDIA, tagOf } from '../../../domain/dataset';
import { recastShape, type Recasting, type RecastShape } from '../../../domain/dataset/recast';
import { StandIns, type Recast } from '../../../domain/dataset/standIns';
import type { RawRecord } from '../../../domain/rollout';
import { sampleOf } from './sample';
import { Shapes } from './shapes';
import { FALSE, LIST, NULL, OBJECT, REF, TEXT, TRUE, sameBytes, type Tape } from './tape';

const TAGS = MEDIA.map(tagOf);

/** What is known of a shape: how it is recast, and the slots that must be plain relative paths. */
interface Known extends RecastShape {
  readonly relative: readonly number[];
}

/** Brings records on a tape into another form, without making objects of them: only the first one of each shape is read. */
export class Recaster {
  readonly #shapes: Shapes<Known | 'read'>;
  #lost: readonly string[] = [];

  /** `source.isRead`: such records must be read the ordinary way; `folder`: what `prepare` puts before relative paths. */
  constructor(
    private readonly tape: Tape,
    private readonly recasting: Recasting,
    private readonly source: { readonly isRead: (sample: RawRecord) => boolean; readonly folder?: string },
  ) {
    const looked = new Set([...recasting.from.looksInto, ...recasting.to.looksInto]);
    this.#shapes = new Shapes(tape, looked, TAGS);
  }

  /** What the last record lost. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  /** The node of the new record; −1 where the old one must be read the ordinary way. */
  recast(record: number): number {
    const state = this.#shapes.of(record);
    if (!state) return -1;
    const known = (state.known ??= this.#learned(() => state.path()));
    if (known === 'read' || !known.relative.every((slot) => this.#isPlainPath(slot))) return -1;
    this.#lost = known.lost;
    return this.#record(known.fields);
  }

  #learned(path: () => Parameters<typeof sampleOf>[0]): Known | 'read' {
    const standIns = new StandIns();
    const sample = sampleOf(path(), standIns, TAGS);
    const shape = this.source.isRead(sample) ? undefined : recastShape(sample, standIns, this.recasting);
    if (!shape) return 'read';
    const { folder } = this.source;
    const texts = shape.fields.flatMap(([key, value]) => [key, ...textsOf(value)]);
    if (texts.some((text) => this.tape.constant(text) === undefined)) return 'read';
    const relative = folder === undefined ? [] : shape.fields.flatMap(([, value]) => under(value, `${folder}${sep}`));
    return relative.includes(NOT_ONE) ? 'read' : { ...shape, relative };
  }

  #record(fields: RecastShape['fields']): number {
    const { tape } = this;
    const node = tape.add(OBJECT, 0, 0);
    for (const [key, value] of fields) {
      this.#constant(key);
      this.#put(value);
    }
    tape.close(node, fields.length);
    return node;
  }

  #put(value: Recast): void {
    const { tape } = this;
    if ('pieces' in value) this.#text(value.pieces);
    else if ('slot' in value) {
      const node = this.#shapes.slotNode[value.slot] ?? 0;
      if (node < 0) this.#span(value.slot);
      else tape.add(REF, node, 0);
    } else if ('fields' in value) this.#record(value.fields);
    else if ('items' in value) {
      const node = tape.add(LIST, 0, 0);
      for (const item of value.items) this.#put(item);
      tape.close(node, value.items.length);
    } else if (typeof value.fixed === 'number') tape.addNumber(value.fixed);
    else tape.add(value.fixed === null ? NULL : value.fixed ? TRUE : FALSE, 0, 0);
  }

  #constant(text: string): void {
    const at = this.tape.constant(text) ?? 0;
    this.tape.add(TEXT, at, at + Buffer.byteLength(text));
  }

  #span(slot: number): void {
    this.tape.add(TEXT, this.#shapes.slotFrom[slot] ?? 0, this.#shapes.slotTo[slot] ?? 0);
  }

  #text(pieces: readonly (string | number)[]): void {
    const [first, ...rest] = pieces;
    if (first === undefined) return this.#constant('');
    if (rest.length === 0) return typeof first === 'string' ? this.#constant(first) : this.#span(first);
    if (!this.#inPlace(pieces)) this.#joined(pieces);
  }

  /** Tags that stand before a text stood there in the old record as a rule: then nothing is copied. */
  #inPlace(pieces: readonly (string | number)[]): boolean {
    const { slotFrom, slotTo } = this.#shapes;
    const { tape } = this;
    const first = pieces.findIndex((piece) => typeof piece === 'number');
    let begin = slotFrom[pieces[first] as number] ?? 0;
    for (const piece of pieces.slice(0, first)) begin -= Buffer.byteLength(piece as string);
    if (begin < 0) return false;
    let at = begin;
    for (const piece of pieces) {
      if (typeof piece === 'number') {
        if (slotFrom[piece] !== at) return false;
        at = slotTo[piece] ?? 0;
      } else {
        const length = Buffer.byteLength(piece);
        if (!sameBytes(tape.bytes, tape.constant(piece) ?? 0, at, length)) return false;
        at += length;
      }
    }
    tape.add(TEXT, begin, at);
    return true;
  }

  #joined(pieces: readonly (string | number)[]): void {
    const { tape } = this;
    const { slotFrom, slotTo } = this.#shapes;
    const begin = tape.end;
    for (const piece of pieces) {
      const from = typeof piece === 'number' ? (slotFrom[piece] ?? 0) : (tape.constant(piece) ?? 0);
      const length = typeof piece === 'number' ? (slotTo[piece] ?? 0) - from : Buffer.byteLength(piece);
      tape.room(length);
      tape.bytes.copyWithin(tape.end, from, from + length);
      tape.end += length;
    }
    tape.add(TEXT, begin, tape.end);
  }

  /** A path that is only put behind its folder: no drive or scheme, no `.` or `..`, nothing empty. */
  #isPlainPath(slot: number): boolean {
    const { bytes } = this.tape;
    let begins = true;
    for (let at = this.#shapes.slotFrom[slot] ?? 0; at < (this.#shapes.slotTo[slot] ?? 0); at++) {
      const byte = bytes[at];
      if (byte === 58 || byte === 92 || (begins && (byte === 46 || byte === 47))) return false;
      begins = byte === 47;
    }
    return !begins;
  }
}

function textsOf(value: Recast): readonly string[] {
  if ('pieces' in value) return value.pieces.filter((piece) => typeof piece === 'string');
  if ('items' in value) return value.items.flatMap(textsOf);
  return 'fields' in value ? value.fields.flatMap(([key, inner]) => [key, ...textsOf(inner)]) : [];
}

const NOT_ONE = -1;

/** Slots that stand behind the folder; −1 where more than one text does. */
function under(value: Recast, folder: string): readonly number[] {
  if ('items' in value) return value.items.flatMap((item) => under(item, folder));
  if ('fields' in value) return value.fields.flatMap(([, inner]) => under(inner, folder));
  if (!('pieces' in value)) return [];
  const [first, second, ...rest] = value.pieces;
  if (typeof first !== 'string' || !first.startsWith(folder)) return [];
  return first === folder && typeof second === 'number' && rest.length === 0 ? [second] : [NOT_ONE];
}
