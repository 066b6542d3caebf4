import { basename } from 'node:path';
import { blocksOf } from '../../domain/frameworks/rollouts';
import { LinesSource } from './lines';
import { OpenFile } from './openFile';
import { ParquetSource } from './parquet';
import type { Source } from './source';
import { blockCut, columnarCut, StretchSource } from './stretches';
import { unpacked, type Unpacked } from './unpack';

/** Milliseconds in which the first record should be found. */
const FIRST = 12;

/** Opens a file of records by its kind, and finds its first ones. Rejects, with the reason, where it is none. */
export async function openSource(file: string, growing: boolean): Promise<Source> {
  if (basename(file).toLowerCase().endsWith('.parquet')) return new ParquetSource(file);
  const packed = await unpacked(file);
  const source = openPlain({ file, bytes: packed?.file ?? file, growing: growing && !packed });
  return packed ? removing(source, packed) : source;
}

interface Plain {
  /** The name that people see. */
  readonly file: string;
  /** Where its bytes are. */
  readonly bytes: string;
  readonly growing: boolean;
}

function openPlain({ file, bytes, growing }: Plain): Source {
  const blocks = blocksOf(file);
  if (blocks) return found(new StretchSource(file, (open) => blockCut(file, open, blocks), new OpenFile(bytes)));
  const lines = found(new LinesSource(file, growing, bytes));
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
