import type { ColumnType } from '../../../domain/dataset/types';
import { JsonText } from './json';
import { Leaf } from './leaf';
import { BYTES, INTEGER, LIST, NULL, NUMBER, OBJECT, TEXT, TRUE, type Tape } from './tape';

type Fields = Readonly<Record<string, ColumnType>>;

interface Field {
  readonly key: Buffer;
  readonly column: Column;
  /** Place of the key among the constants, which stay where they are; −1 until it was seen there. */
  constant: number;
  /** The record that had it last. */
  stamp: number;
}

/** A column, a field of one, or its items: takes values apart into leaves. */
interface Column {
  /** What its values must be; beyond that the type has to be learned anew. */
  readonly raw: ColumnType;
  readonly kind: ColumnType['kind'];
  readonly leaf?: Leaf;
  readonly item?: Column;
  readonly fields: readonly Field[];
  /** Repetition of its items. */
  readonly repetition: number;
}

const NO_FIELDS: readonly Field[] = [];

/** Takes records of a tape apart into the leaf columns of a parquet file, with the levels by which nested values come back. */
export class Columns {
  readonly leaves: Leaf[] = [];
  readonly #root: readonly Field[];
  readonly #json: JsonText;
  #stamp = 0;
  /** A value was of another type than its column: what was taken apart is of no use. */
  misfit = false;
  rows = 0;

  constructor(
    private readonly tape: Tape,
    raw: Fields,
    columns: Fields,
  ) {
    this.#json = new JsonText(tape);
    this.#root = this.#fieldsOf({ raw, out: columns, path: [], definition: 0, repetition: 0 });
  }

  clear(): void {
    for (const leaf of this.leaves) leaf.clear();
    this.misfit = false;
    this.rows = 0;
  }

  add(record: number): void {
    this.#fields(this.#root, record, 0, 0);
    this.rows += 1;
  }

  #fieldsOf(at: Place & { raw: Fields; out: Fields }): readonly Field[] {
    return Object.entries(at.out).map(([name, out]) => {
      const place = { ...at, path: [...at.path, name], definition: at.definition + 1 };
      const column = this.#column(at.raw[name] ?? out, out, place);
      return { key: Buffer.from(name), column, constant: -1, stamp: 0 };
    });
  }

  /** `place.definition` counts the value itself, which may be missing. */
  #column(raw: ColumnType, out: ColumnType, place: Place): Column {
    const { path, definition, repetition } = place;
    if (out.kind === 'list') {
      const inner = { path: [...path, 'list', 'element'], definition: definition + 2, repetition: repetition + 1 };
      const item = this.#column(raw.kind === 'list' ? raw.of : out.of, out.of, inner);
      return { raw, kind: 'list', item, fields: NO_FIELDS, repetition: repetition + 1 };
    }
    if (out.kind === 'record') {
      const fields = this.#fieldsOf({
        ...place,
        raw: raw.kind === 'record' ? raw.fields : out.fields,
        out: out.fields,
      });
      return { raw, kind: 'record', fields, repetition };
    }
    const type = PHYSICAL[out.kind];
    const leaf = new Leaf(path, type, { definition, repetition });
    this.leaves.push(leaf);
    return { raw, kind: out.kind, leaf, fields: NO_FIELDS, repetition };
  }

  #fields(fields: readonly Field[], record: number, rep: number, def: number): void {
    const { next } = this.tape;
    const stamp = ++this.#stamp;
    let expected = 0;
    const end = next[this.tape.deref(record)] ?? 0;
    for (let key = this.tape.deref(record) + 1; key < end; key = next[key + 1] ?? end) {
      const field = this.#field(fields, key, expected);
      if (!field || field.stamp === stamp) {
        this.misfit = true;
        return;
      }
      expected = fields[expected] === field ? expected + 1 : expected;
      field.stamp = stamp;
      this.#put(field.column, this.tape.deref(key + 1), rep, def);
    }
    for (const field of fields) if (field.stamp !== stamp) gaps(field.column, rep, def);
  }

  /** The field of a key: most often the next one. */
  #field(fields: readonly Field[], key: number, expected: number): Field | undefined {
    const next = fields[expected];
    if (next && this.#isKey(next, key)) return next;
    for (const field of fields) if (this.#isKey(field, key)) return field;
    return undefined;
  }

  #isKey(field: Field, key: number): boolean {
    const { bytes } = this.tape;
    const from = this.tape.from[key] ?? 0;
    const length = (this.tape.to[key] ?? 0) - from;
    if (length !== field.key.length) return false;
    if (from === field.constant) return true;
    for (let at = 0; at < length; at++) if (field.key[at] !== bytes[from + at]) return false;
    if (this.tape.isConstant(from)) field.constant = from;
    return true;
  }

  #put(column: Column, node: number, rep: number, def: number): void {
    const { tape } = this;
    const kind = tape.kind[node] ?? NULL;
    const { leaf } = column;
    if (kind === NULL) gaps(column, rep, def);
    else if (column.kind === 'list' && kind === LIST) this.#items(column, node, rep, def);
    else if (column.kind === 'record' && kind === OBJECT && tape.from[node] !== 0)
      this.#fields(column.fields, node, rep, def + 1);
    else if (!leaf) this.misfit = true;
    else if (column.kind === 'json') this.#text(column, leaf, node, rep);
    else if ((column.kind === 'text' && kind === TEXT) || (column.kind === 'bytes' && kind === BYTES))
      leaf.span(rep, tape.from[node] ?? 0, tape.to[node] ?? 0);
    else if (kind === INTEGER || kind === NUMBER) {
      if (column.kind === 'number' || (column.kind === 'integer' && kind === INTEGER))
        leaf.number(rep, tape.num[node] ?? 0);
      else this.misfit = true;
    } else if (column.kind === 'boolean' && kind <= TRUE) leaf.number(rep, kind === TRUE ? 1 : 0);
    else this.misfit = true;
  }

  #items(list: Column, node: number, rep: number, def: number): void {
    const { tape } = this;
    const end = tape.next[node] ?? 0;
    if (tape.from[node] === 0) return gaps(list, rep, def + 1);
    const { item } = list;
    for (let child = node + 1; child < end; child = tape.next[child] ?? end) {
      const value = tape.deref(child);
      if (tape.kind[value] === NULL || !item) this.misfit = true;
      else this.#put(item, value, child === node + 1 ? rep : list.repetition, def + 2);
    }
  }

  #text({ raw }: Column, leaf: Leaf, node: number, rep: number): void {
    if (raw.kind !== 'json' && !holds(this.tape, raw, node)) this.misfit = true;
    this.#json.end = 0;
    this.#json.add(node);
    const at = this.tape.store(this.#json.bytes.subarray(0, this.#json.end));
    leaf.span(rep, at, this.tape.end);
  }
}

interface Place {
  readonly path: readonly string[];
  readonly definition: number;
  readonly repetition: number;
}

const PHYSICAL = {
  text: 'BYTE_ARRAY',
  bytes: 'BYTE_ARRAY',
  json: 'BYTE_ARRAY',
  nothing: 'BYTE_ARRAY',
  boolean: 'BOOLEAN',
  integer: 'INT64',
  number: 'DOUBLE',
} as const;

/** Nothing of this column is there. */
function gaps(column: Column, rep: number, def: number): void {
  if (column.leaf) column.leaf.gap(rep, def);
  else if (column.item) gaps(column.item, rep, def);
  else for (const { column: inner } of column.fields) gaps(inner, rep, def);
}

/** Whether a type holds a value, as `widened` would say. */
function holds(tape: Tape, type: ColumnType, reference: number): boolean {
  const node = tape.deref(reference);
  const kind = tape.kind[node] ?? NULL;
  if (kind === NULL || type.kind === 'json') return true;
  if (type.kind === 'list') return kind === LIST && itemsHold(tape, type.of, node);
  if (type.kind === 'record') return kind === OBJECT && tape.from[node] !== 0 && fieldsHold(tape, type.fields, node);
  if (type.kind === 'text') return kind === TEXT;
  if (type.kind === 'bytes') return kind === BYTES;
  if (type.kind === 'boolean') return kind <= TRUE;
  return kind === INTEGER
    ? type.kind === 'integer' || type.kind === 'number'
    : kind === NUMBER && type.kind === 'number';
}

function itemsHold(tape: Tape, of: ColumnType, list: number): boolean {
  const end = tape.next[list] ?? 0;
  for (let item = list + 1; item < end; item = tape.next[item] ?? end)
    if (tape.kind[tape.deref(item)] === NULL || !holds(tape, of, item)) return false;
  return true;
}

function fieldsHold(tape: Tape, fields: Fields, record: number): boolean {
  const end = tape.next[record] ?? 0;
  for (let key = record + 1; key < end; key = tape.next[key + 1] ?? end) {
    const type = fields[tape.text(key)];
    if (!type || !holds(tape, type, key + 1)) return false;
  }
  return true;
}
