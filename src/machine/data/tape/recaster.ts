import { sep } from 'node:path';
import { MEDIA, tagOf } from '../../../domain/dataset/dataset';
import { recastShape, type Recasting } from '../../../domain/dataset/recast';
import { StandIns, type Recast } from '../../../domain/dataset/standIns';
import type { RawRecord } from '../../../domain/rollouts/rollout';
import { madeOf, type Made } from './made';
import { sampleOf } from './sample';
import { Shapes } from './shapes';
import { FALSE, LIST, NULL, OBJECT, REF, TEXT, TRUE, sameBytes, type Tape } from './tape';

const TAGS = MEDIA.map(tagOf);

/** What is known of a shape: how it is recast, and the slots that must be plain relative paths. */
interface Known {
  readonly made: Made;
  readonly lost: readonly string[];
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
    return this.#put(known.made);
  }

  #learned(path: () => Parameters<typeof sampleOf>[0]): Known | 'read' {
    const standIns = new StandIns();
    const sample = sampleOf(path(), standIns, TAGS);
    const shape = this.source.isRead(sample) ? undefined : recastShape(sample, standIns, this.recasting);
    const made = shape && madeOf({ fields: shape.fields }, this.tape);
    if (!made) return 'read';
    const { folder } = this.source;
    const relative = folder === undefined ? [] : shape.fields.flatMap(([, value]) => under(value, `${folder}${sep}`));
    return relative.includes(NOT_ONE) ? 'read' : { made, lost: shape.lost, relative };
  }

  #put(made: Made): number {
    const { tape } = this;
    switch (made.kind) {
      case 'text':
        return this.#text(made);
      case 'slot':
        return this.#slot(made.slot);
      case 'record':
        return this.#record(made);
      case 'list': {
        const node = tape.add(LIST, 0, 0);
        for (const item of made.parts) this.#put(item);
        tape.close(node, made.parts.length);
        return node;
      }
      default:
        if (typeof made.fixed === 'number') return tape.addNumber(made.fixed);
        return tape.add(made.fixed === null ? NULL : made.fixed ? TRUE : FALSE, 0, 0);
    }
  }

  #record({ keys, parts }: Made): number {
    const { tape } = this;
    const node = tape.add(OBJECT, 0, 0);
    for (let at = 0; at < parts.length; at++) {
      const [key, part] = [keys[at], parts[at]];
      if (!key || !part) continue;
      tape.add(TEXT, key.from, key.to);
      this.#put(part);
    }
    tape.close(node, parts.length);
    return node;
  }

  #slot(slot: number): number {
    const node = this.#shapes.slotNode[slot] ?? 0;
    if (node >= 0) return this.tape.add(REF, node, 0);
    return this.tape.add(TEXT, this.#shapes.slotFrom[slot] ?? 0, this.#shapes.slotTo[slot] ?? 0);
  }

  #text(made: Made): number {
    const [first] = made.pieces;
    if (made.pieces.length > 1 || !first) return this.#inPlace(made) ?? this.#joined(made);
    if (first.slot < 0) return this.tape.add(TEXT, first.from, first.to);
    return this.tape.add(TEXT, this.#shapes.slotFrom[first.slot] ?? 0, this.#shapes.slotTo[first.slot] ?? 0);
  }

  /** Tags that stand before a text stood there in the old record as a rule: then nothing is copied. */
  #inPlace({ slot: first, lead, pieces }: Made): number | undefined {
    const { slotFrom, slotTo } = this.#shapes;
    const { tape } = this;
    const begin = (slotFrom[first] ?? 0) - lead;
    if (first < 0 || begin < 0) return undefined;
    let at = begin;
    for (const { slot, from, to } of pieces) {
      if (slot >= 0 ? slotFrom[slot] !== at : !sameBytes(tape.bytes, from, at, to - from)) return undefined;
      at = slot >= 0 ? (slotTo[slot] ?? 0) : at + to - from;
    }
    return tape.add(TEXT, begin, at);
  }

  #joined({ pieces }: Made): number {
    const { tape } = this;
    const { slotFrom, slotTo } = this.#shapes;
    const begin = tape.end;
    for (const piece of pieces) {
      const from = piece.slot < 0 ? piece.from : (slotFrom[piece.slot] ?? 0);
      const to = piece.slot < 0 ? piece.to : (slotTo[piece.slot] ?? 0);
      tape.room(to - from);
      tape.bytes.copyWithin(tape.end, from, to);
      tape.end += to - from;
    }
    return tape.add(TEXT, begin, tape.end);
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
