import type { ColumnMetaData, DataReader, PageHeader, ParquetType, SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetHeader } from 'hyparquet/src/column.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { widthOf } from './hybrid';
import type { Tape } from './tape';

/** Values as they lie in the store of a tape, or as numbers. */
interface Values {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly num: Float64Array;
}

/** This file is written in a way that only the ordinary reading knows. */
export class Unusual extends Error {}

/** What the leaves' own page readers need to know of one leaf. */
export interface LeafPlace {
  readonly type: ParquetType;
  readonly definition: number;
  readonly repetition: number;
}

/** One leaf column of a row group, read whole: its levels, and where its values lie. */
export class LeafReader {
  readonly defs: Uint8Array;
  readonly reps: Uint8Array;
  readonly values: Values;
  /** The level and the value that come next. */
  at = 0;
  value = 0;
  #levels = 0;
  #filled = 0;
  #dictionary: Values | undefined;

  /** `bytes`: the file from `start` on. Errors: `Unusual`. */
  constructor(
    private readonly tape: Tape,
    private readonly place: LeafPlace,
    private readonly meta: ColumnMetaData,
    { bytes, start }: { bytes: Uint8Array; start: number },
  ) {
    const count = Number(meta.num_values);
    [this.defs, this.reps] = [new Uint8Array(count), new Uint8Array(count)];
    this.values = valuesFor(place.type, count);
    const begin = Number(meta.dictionary_page_offset ?? meta.data_page_offset) - start;
    const chunk = bytes.subarray(begin, begin + Number(meta.total_compressed_size));
    const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 };
    while (this.#levels < count) this.#page(reader, chunk);
  }

  #page(reader: DataReader, chunk: Uint8Array): void {
    const header = parquetHeader(reader);
    const bytes = chunk.subarray(reader.offset, (reader.offset += header.compressed_page_size));
    if (header.type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values ?? 0;
      const page = this.#stored(this.#unpacked(bytes, header.uncompressed_page_size));
      this.#dictionary = valuesFor(this.place.type, count);
      this.#plain(this.#dictionary, 0, count, page);
    } else if (header.type === 'DATA_PAGE_V2') this.#second(header, bytes);
    else if (header.type === 'DATA_PAGE') this.#first(header, bytes);
    else throw new Unusual();
  }

  /** A page of the first version: levels with their lengths before them, all compressed together. */
  #first({ data_page_header: header, uncompressed_page_size }: PageHeader, bytes: Uint8Array): void {
    if (!header) throw new Unusual();
    const page = this.#unpacked(bytes, uncompressed_page_size);
    const reader = { view: viewOf(page), offset: 0 };
    const levels = [this.#levels, (this.#levels += header.num_values)] as const;
    for (const [most, into] of [
      [this.place.repetition, this.reps] as const,
      [this.place.definition, this.defs] as const,
    ])
      if (most > 0) readRleBitPackedHybrid(reader, widthOf(most), numbersOf(into.subarray(...levels)));
    this.#values(page.subarray(reader.offset), header.encoding, this.#present(levels));
  }

  #second({ data_page_header_v2: header, uncompressed_page_size }: PageHeader, bytes: Uint8Array): void {
    if (!header) throw new Unusual();
    const { repetition_levels_byte_length: reps, definition_levels_byte_length: defs } = header;
    const levels = [this.#levels, (this.#levels += header.num_values)] as const;
    const reader = { view: viewOf(bytes), offset: 0 };
    if (this.place.repetition > 0)
      readRleBitPackedHybrid(reader, widthOf(this.place.repetition), numbersOf(this.reps.subarray(...levels)), reps);
    reader.offset = reps;
    if (this.place.definition > 0)
      readRleBitPackedHybrid(reader, widthOf(this.place.definition), numbersOf(this.defs.subarray(...levels)), defs);
    const packed = bytes.subarray(reps + defs);
    const page = header.is_compressed === false ? packed : this.#unpacked(packed, uncompressed_page_size - reps - defs);
    this.#values(page, header.encoding, this.#present(levels));
  }

  #present([from, to]: readonly [number, number]): number {
    if (this.place.definition === 0) return to - from;
    let count = 0;
    for (let at = from; at < to; at++) if (this.defs[at] === this.place.definition) count += 1;
    return count;
  }

  #values(page: Uint8Array, encoding: string, count: number): void {
    const from = this.#filled;
    this.#filled += count;
    if (encoding === 'PLAIN') this.#plain(this.values, from, count, this.#stored(page));
    else if (encoding.endsWith('_DICTIONARY') && this.#dictionary) this.#indexed(page, from, count, this.#dictionary);
    else if (encoding === 'RLE' && this.place.type === 'BOOLEAN') {
      const truths = new Uint8Array(count);
      readRleBitPackedHybrid({ view: viewOf(page), offset: 0 }, 1, numbersOf(truths));
      this.values.num.set(truths, from);
    } else throw new Unusual();
  }

  #indexed(page: Uint8Array, from: number, count: number, dictionary: Values): void {
    const indexes = new Int32Array(count);
    const width = page[0] ?? 0;
    if (width > 0 && count > 0)
      readRleBitPackedHybrid({ view: viewOf(page), offset: 1 }, width, numbersOf(indexes), page.length - 1);
    const { values } = this;
    for (let at = 0; at < count; at++) {
      const index = indexes[at] ?? 0;
      values.from[from + at] = dictionary.from[index] ?? 0;
      values.to[from + at] = dictionary.to[index] ?? 0;
      values.num[from + at] = dictionary.num[index] ?? 0;
    }
  }

  /** `page`: its place in the store. */
  #plain(into: Values, first: number, count: number, page: number): void {
    const { bytes } = this.tape;
    const view = viewOf(bytes);
    const { type } = this.place;
    let at = page;
    for (let value = first; value < first + count; value++) {
      if (type === 'BYTE_ARRAY') {
        const length = view.getInt32(at, true);
        into.from[value] = at + 4;
        into.to[value] = at += 4 + length;
      } else if (type === 'BOOLEAN') {
        const bit = value - first;
        into.num[value] = ((bytes[page + (bit >> 3)] ?? 0) >> (bit & 7)) & 1;
      } else {
        into.num[value] = numberAt(view, at, type);
        at += type === 'INT32' || type === 'FLOAT' ? 4 : 8;
      }
    }
    if (at > this.tape.end) throw new Unusual();
  }

  #stored(page: Uint8Array): number {
    return this.tape.store(page);
  }

  #unpacked(bytes: Uint8Array, size: number): Uint8Array {
    const { codec } = this.meta;
    const page = codec === 'UNCOMPRESSED' ? bytes : compressors[codec]?.(bytes, size);
    if (page?.length !== size) throw new Unusual();
    return page;
  }
}

/** Columns of texts have no numbers, and of numbers no texts: the others' arrays stay empty, and writing there does nothing. */
function valuesFor(type: ParquetType, count: number): Values {
  const texts = type === 'BYTE_ARRAY' ? count : 0;
  return { from: new Int32Array(texts), to: new Int32Array(texts), num: new Float64Array(count - texts) };
}

function numberAt(view: DataView, at: number, type: ParquetType): number {
  if (type === 'DOUBLE') return view.getFloat64(at, true);
  if (type === 'INT32') return view.getInt32(at, true);
  if (type === 'FLOAT') return view.getFloat32(at, true);
  const value = view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
  if (!Number.isSafeInteger(value)) throw new Unusual();
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The reader of levels writes into any array of numbers. */
function numbersOf(array: Uint8Array | Int32Array): number[] {
  return array as unknown as number[];
}

const KNOWN: ReadonlySet<string> = new Set(['STRING', 'JSON', 'INTEGER']);

/** How values of a leaf are to be understood; undefined where only the ordinary reading knows. */
export function leafKind({
  type,
  converted_type: converted,
  logical_type: logical,
}: SchemaElement): LeafKind | undefined {
  if (logical && !KNOWN.has(logical.type)) return undefined;
  if (logical?.type === 'INTEGER' && !logical.isSigned) return undefined;
  if (type === 'BYTE_ARRAY') {
    if (converted === 'UTF8' || logical?.type === 'STRING') return 'text';
    if (converted === 'JSON') return 'json';
    return converted === undefined && logical === undefined ? 'bytes' : undefined;
  }
  if (type === 'BOOLEAN') return 'boolean';
  const plain = converted === undefined || /^INT_\d+$/.test(converted);
  return plain && (type === 'INT32' || type === 'INT64' || type === 'DOUBLE' || type === 'FLOAT')
    ? 'number'
    : undefined;
}

export type LeafKind = 'text' | 'json' | 'bytes' | 'boolean' | 'number';
