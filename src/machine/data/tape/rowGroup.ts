import type { ColumnChunk, Encoding, RowGroup } from 'hyparquet';
import { snappyCompressor } from 'hysnappy';
import type { Columns } from './column';
import { dictionaryOf, type Dictionary } from './dictionary';
import { hybrid, hybridMost, varint, widthOf } from './hybrid';
import { plainSize, plainValues, type Leaf } from './leaf';
import type { Tape } from './tape';

/** Longest header of a page. */
const HEADER = 128;
const SNAPPY = 'SNAPPY' as const;

/** Writes what was taken apart as one row group; its places count from its own first byte. */
export class RowGroupWriter {
  #out = Buffer.allocUnsafe(1 << 20);
  #end = 0;
  #raw = Buffer.allocUnsafe(1 << 20);
  readonly #compress = snappyCompressor();

  constructor(private readonly tape: Tape) {}

  write(columns: Columns): { readonly bytes: Uint8Array; readonly groups: readonly RowGroup[]; readonly rows: number } {
    this.#end = 0;
    const chunks = columns.leaves.map((leaf) => this.#chunk(leaf));
    const group = {
      columns: chunks.map(({ chunk }) => chunk),
      total_byte_size: BigInt(chunks.reduce((sum, { size }) => sum + size, 0)),
      num_rows: BigInt(columns.rows),
      total_compressed_size: BigInt(this.#end),
    };
    return { bytes: new Uint8Array(this.#out.subarray(0, this.#end)), groups: [group], rows: columns.rows };
  }

  #chunk(leaf: Leaf): { readonly chunk: ColumnChunk; readonly size: number } {
    const start = this.#end;
    const dictionary = leaf.type === 'BYTE_ARRAY' ? dictionaryOf(leaf, this.tape) : undefined;
    let size = dictionary ? this.#dictionaryPage(dictionary) : 0;
    const page = this.#end;
    size += this.#dataPage(leaf, dictionary);
    const encodings: Encoding[] = dictionary ? ['PLAIN', 'RLE', 'RLE_DICTIONARY'] : ['PLAIN', 'RLE'];
    const statistics = statisticsOf(leaf);
    const chunk: ColumnChunk = {
      meta_data: {
        type: leaf.type,
        encodings,
        path_in_schema: [...leaf.path],
        codec: SNAPPY,
        num_values: BigInt(leaf.count),
        total_compressed_size: BigInt(this.#end - start),
        total_uncompressed_size: BigInt(size),
        data_page_offset: BigInt(page),
        ...(dictionary ? { dictionary_page_offset: BigInt(start) } : {}),
        ...(statistics ? { statistics } : {}),
      },
      file_offset: BigInt(start),
    };
    return { chunk, size };
  }

  #dictionaryPage({ from, to, count }: Dictionary): number {
    const texts = { type: 'BYTE_ARRAY' as const, from, to, values: count };
    this.#roomForRaw(plainSize(texts));
    const length = plainValues({ ...texts, num: NO_NUMBERS }, this.tape, this.#raw);
    const packed = this.#compress(this.#raw.subarray(0, length));
    this.#room(packed.length);
    // DictionaryPageHeader: number of values, PLAIN.
    const header = this.#header(2, [length, packed.length], 7, [count, 0]);
    this.#append(packed);
    return header + length;
  }

  #dataPage(leaf: Leaf, dictionary: Dictionary | undefined): number {
    const levels = Buffer.allocUnsafe(2 * hybridMost(leaf.count, 8));
    const { definition, repetition } = leaf.most;
    const repeated = repetition === 0 ? 0 : hybrid(leaf.reps, leaf.count, widthOf(repetition), [levels, 0]);
    const end = hybrid(leaf.defs, leaf.count, widthOf(definition), [levels, repeated]);
    const length = dictionary ? this.#indexes(leaf, dictionary) : this.#plain(leaf);
    const packed = this.#compress(this.#raw.subarray(0, length));
    this.#room(packed.length + end);
    const encoding = dictionary ? 8 : 0;
    const gaps = leaf.count - leaf.values;
    // DataPageHeaderV2: values, nulls, rows, encoding, lengths of both levels; compressed unless told.
    const header = this.#header(3, [length + end, packed.length + end], 8, [
      ...[leaf.count, gaps, leaf.rows],
      ...[encoding, end - repeated, repeated],
    ]);
    this.#append(levels.subarray(0, end));
    this.#append(packed);
    return header + length + end;
  }

  #plain(leaf: Leaf): number {
    this.#roomForRaw(plainSize(leaf));
    return plainValues(leaf, this.tape, this.#raw);
  }

  #indexes(leaf: Leaf, { indexes, count }: Dictionary): number {
    const width = Math.max(1, widthOf(count - 1));
    this.#roomForRaw(hybridMost(leaf.values, width + 8));
    this.#raw[0] = width;
    return hybrid(indexes, leaf.values, width, [this.#raw, 1]);
  }

  /** A page's header (parquet.thrift, PageHeader @ 2.11) in Thrift's compact protocol: all its fields are 32-bit integers. */
  #header(type: number, sizes: readonly [number, number], field: number, values: readonly number[]): number {
    const start = this.#end;
    const out = this.#out;
    let end = start;
    for (const value of [type, ...sizes]) end = integer(out, end, value);
    out[end++] = ((field - 3) << 4) | 12;
    for (const value of values) end = integer(out, end, value);
    out[end++] = 0;
    out[end++] = 0;
    this.#end = end;
    return end - start;
  }

  #append(bytes: Uint8Array): void {
    this.#out.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #room(more: number): void {
    if (this.#end + more + HEADER <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#end + more + HEADER, this.#out.length * 2));
    this.#out.copy(larger, 0, 0, this.#end);
    this.#out = larger;
  }

  #roomForRaw(size: number): void {
    if (size > this.#raw.length) this.#raw = Buffer.allocUnsafe(Math.ceil(size * 1.25));
  }
}

const NO_NUMBERS = new Float64Array(0);

/** A 32-bit integer as the next field of a structure. */
function integer(out: Uint8Array, at: number, value: number): number {
  out[at] = 0x15;
  return varint(out, at + 1, value * 2);
}

/** Least and greatest of numbers; nobody looks for texts by them. */
function statisticsOf({ type, num, values, count }: Leaf): NonNullable<ColumnChunk['meta_data']>['statistics'] {
  if (type !== 'INT64' && type !== 'DOUBLE') return undefined;
  let [least, greatest] = [Infinity, -Infinity];
  for (let at = 0; at < values; at++) {
    const value = num[at] ?? 0;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const null_count = BigInt(count - values);
  if (least > greatest) return { null_count };
  if (type === 'INT64') return { min_value: BigInt(least), max_value: BigInt(greatest), null_count };
  // A zero has two signs: the bounds hold both.
  return { min_value: least === 0 ? -0 : least, max_value: greatest === 0 ? 0 : greatest, null_count };
}
