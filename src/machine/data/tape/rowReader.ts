import { isUtf8 } from 'node:buffer';
import { parquetSchema, type FileMetaData, type RowGroup, type SchemaTree } from 'hyparquet';
import { LeafReader, leafKind, Unusual, type LeafKind, type LeafPlace } from './leafReader';
import { Scanner } from './scan';
import { BYTES, FALSE, LIST, NULL, OBJECT, TEXT, TRUE, type Tape } from './tape';

/** A part of a row: a leaf, a list, or a record. */
interface Part {
  /** Where its name stands. */
  readonly from: number;
  readonly to: number;
  /** The value is there from this level on. */
  readonly definition: number;
  /** Of a list: its next item has this level. */
  readonly repetition: number;
  readonly kind: LeafKind | 'list' | 'record';
  readonly parts: readonly Part[];
  /** All leaves below: by the first one is seen how much of the part there is. */
  readonly leaves: readonly number[];
}

/** Puts rows of a parquet file on a tape, as if each were a line of JSON; what is missing in a record is left out. */
export class RowReader {
  readonly #root: readonly Part[];
  readonly #places: (LeafPlace & { readonly path: string })[] = [];
  readonly #scanner: Scanner;
  #leaves: readonly LeafReader[] = [];

  /** `checked`: texts are looked at whether they are UTF-8. Errors: `Unusual`. */
  constructor(
    private readonly tape: Tape,
    metadata: FileMetaData,
    private readonly checked: boolean,
  ) {
    this.#scanner = new Scanner(tape, { withoutNulls: true });
    this.#root = parquetSchema(metadata).children.map((child) => this.#part(child, { definition: 0, repetition: 0 }));
  }

  /** Makes a row group ready. `bytes`: the file from `start` on. Errors: `Unusual`. */
  begin(group: RowGroup, bytes: Uint8Array, start: number): void {
    this.tape.begin(NO_BYTES);
    this.#leaves = this.#places.map((place) => {
      const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema.join('\n') === place.path);
      if (!chunk?.meta_data || chunk.file_path !== undefined) throw new Unusual();
      return new LeafReader(this.tape, place, chunk.meta_data, { bytes, start });
    });
  }

  /** The node of the next row. Errors: `Unusual`. */
  row(): number {
    return this.#record(this.#root);
  }

  #part(tree: SchemaTree, above: { definition: number; repetition: number }): Part {
    const { element, children, path } = tree;
    if (element.repetition_type === 'REPEATED') throw new Unusual();
    const definition = above.definition + (element.repetition_type === 'OPTIONAL' ? 1 : 0);
    const first = this.#places.length;
    const from = this.tape.constant(element.name);
    if (from === undefined) throw new Unusual();
    const made = { from, to: from + Buffer.byteLength(element.name), definition, repetition: above.repetition };
    const leaves = (): number[] => Array.from({ length: this.#places.length - first }, (_, at) => first + at);
    if (children.length === 0) {
      const kind = leafKind(element);
      if (!kind || !element.type) throw new Unusual();
      this.#places.push({ type: element.type, definition, repetition: above.repetition, path: path.join('\n') });
      return { ...made, kind, parts: NO_PARTS, leaves: leaves() };
    }
    if (element.converted_type === 'LIST') {
      const inner = { definition: definition + 1, repetition: above.repetition + 1 };
      const item = this.#part(itemOf(tree), inner);
      return { ...made, repetition: inner.repetition, kind: 'list', parts: [item], leaves: leaves() };
    }
    if (element.converted_type !== undefined || element.logical_type !== undefined) throw new Unusual();
    const parts = children.map((child) => this.#part(child, { definition, repetition: above.repetition }));
    return { ...made, kind: 'record', parts, leaves: leaves() };
  }

  #record(parts: readonly Part[]): number {
    const { tape } = this;
    const node = tape.add(OBJECT, 0, 0);
    let count = 0;
    for (const part of parts) {
      if (!this.#isThere(part)) {
        this.#skip(part);
        continue;
      }
      const key = tape.add(TEXT, part.from, part.to);
      if (tape.kind[this.#value(part)] === NULL) tape.size = key;
      else count += 1;
    }
    tape.close(node, count);
    return node;
  }

  #isThere({ definition, leaves }: Part): boolean {
    const leaf = this.#leaves[leaves[0] ?? 0];
    return leaf !== undefined && (definition === 0 || (leaf.defs[leaf.at] ?? 0) >= definition);
  }

  #skip({ leaves }: Part): void {
    for (const place of leaves) {
      const leaf = this.#leaves[place];
      if (leaf) leaf.at += 1;
    }
  }

  #value(part: Part): number {
    if (part.kind === 'record') return this.#record(part.parts);
    return part.kind === 'list' ? this.#list(part) : this.#single(part, part.kind);
  }

  #list(part: Part): number {
    const { tape } = this;
    const node = tape.add(LIST, 0, 0);
    const first = this.#leaves[part.leaves[0] ?? 0];
    const item = part.parts[0];
    if (!first || !item) throw new Unusual();
    if ((first.defs[first.at] ?? 0) <= part.definition) {
      this.#skip(part);
      return node;
    }
    let count = 0;
    do {
      if (this.#isThere(item)) this.#value(item);
      else {
        this.#skip(item);
        tape.add(NULL, 0, 0);
      }
      count += 1;
    } while (first.at < first.reps.length && (first.reps[first.at] ?? 0) >= part.repetition);
    tape.close(node, count);
    return node;
  }

  #single({ leaves }: Part, kind: LeafKind): number {
    const { tape } = this;
    const leaf = this.#leaves[leaves[0] ?? 0];
    if (!leaf) throw new Unusual();
    leaf.at += 1;
    const at = leaf.value++;
    if (kind === 'number') return tape.addNumber(leaf.values.num[at] ?? 0);
    if (kind === 'boolean') return tape.add(leaf.values.num[at] === 1 ? TRUE : FALSE, 0, 0);
    const from = leaf.values.from[at] ?? 0;
    const to = leaf.values.to[at] ?? 0;
    if (kind === 'bytes') return tape.add(BYTES, from, to);
    if (kind === 'json') return this.#json(from, to);
    if (this.checked && !isUtf8(tape.bytes.subarray(from, to))) throw new Unusual();
    return tape.add(TEXT, from, to);
  }

  /** A copy of it: escapes are decoded where they stand. */
  #json(from: number, to: number): number {
    const { tape } = this;
    const text = tape.bytes.subarray(from, to);
    const at = tape.store(text, 1);
    const node = isUtf8(text) ? this.#scanner.read(at, tape.end - 1) : -1;
    if (node < 0) throw new Unusual();
    return node;
  }
}

const NO_BYTES = new Uint8Array(0);
const NO_PARTS: readonly Part[] = [];

/** What stands in the three levels of a list: only those are usual. */
function itemOf({ children }: SchemaTree): SchemaTree {
  const [repeated, ...more] = children;
  const [item, ...others] = repeated?.children ?? [];
  if (!item || more.length > 0 || others.length > 0 || repeated?.element.repetition_type !== 'REPEATED')
    throw new Unusual();
  return item;
}
