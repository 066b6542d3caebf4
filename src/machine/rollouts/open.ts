import { basename } from 'node:path';
import { blocksOf, shapeOf } from '../../domain/frameworks/rollouts';
import { mappedShape, type Mappings } from '../../domain/rollouts/rollout';
import type { FarRollouts } from './far';
import { LinesSource } from './lines';
import { OpenFile } from './openFile';
import { ParquetSource } from './parquet';
import type { Shaped, Source } from './source';
import { blockCut, columnarCut, StretchSource } from './stretches';
import { unpacked, type Unpacked } from './unpack';

/** Milliseconds in which the first record should be found. */
const FIRST = 12;

export interface Opening {
  /** Half a last line may be finished later. */
  readonly growing: boolean;
  readonly mappings?: Mappings;
  /** Where the files are copies of those on a host. */
  readonly far?: FarRollouts | undefined;
}

/** Opens a file of records by its kind, and finds its first ones. Rejects, with the reason, where it is none. */
export async function openSource(file: string, { growing, mappings = {}, far }: Opening): Promise<Source> {
  const shaped: Shaped = (record) => mappedShape(record, mappings) ?? shapeOf(record, file);
  const there = await far?.source(file, shaped);
  if (there) return there;
  if (basename(file).toLowerCase().endsWith('.parquet')) return new ParquetSource(file, shaped);
  const packed = await unpacked(file);
  const source = openPlain({ file, bytes: packed?.file ?? file, growing: growing && !packed, shaped });
  return packed ? removing(source, packed) : source;
}

interface Plain {
  /** The name that people see. */
  readonly file: string;
  /** Where its bytes are. */
  readonly bytes: string;
  readonly growing: boolean;
  readonly shaped: Shaped;
}

function openPlain({ file, bytes, growing, shaped }: Plain): Source {
  const blocks = blocksOf(file);
  if (blocks) return found(new StretchSource(file, (open) => blockCut(file, open, blocks), new OpenFile(bytes)));
  const lines = found(new LinesSource(file, { growing, bytes, shaped }));
  const shape = lines.shape();
  if (!shape?.columnar) return lines;
  lines.close();
  const columns = new StretchSource(file, (open) => columnarCut(open, shape), new OpenFile(bytes));
  if (!growing) columns.end();
  return found(columns);
}

function found<T extends Source>(source: T): T {
  // A first row may be longer than what is read in that time.
  while (source.find(FIRST) && source.rows === 0);
  return source;
}

function removing(source: Source, packed: Unpacked): Source {
  const close = source.close.bind(source);
  source.close = () => {
    close();
    void packed.remove();
  };
  return source;
}
