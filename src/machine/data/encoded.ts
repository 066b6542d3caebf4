import type { RowGroup } from 'hyparquet';
import type { MediaKey } from '../../domain/dataset/dataset';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { jsonOf } from './bytes';
import { declaredColumns, heldColumns, mediumRecord, mixedMedia, type Types } from './columns';
import type { FileKind } from './records';
import { Columns } from './tape/column';
import { RowGroupWriter } from './tape/rowGroup';
import { Tape } from './tape/tape';
import { tapeOf } from './tape/tapeOf';

/** Records as they stand in a file: its bytes, and of parquet its row groups, whose places count from the first byte. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly groups: readonly RowGroup[];
  readonly rows: number;
}

/** What stands between two records of a file, and behind the last one. */
export function separators(kind: FileKind): { readonly between: string; readonly last: string } {
  return kind === 'json' ? { between: ',\n', last: '' } : { between: '\n', last: '\n' };
}

/** Writes records into bytes that follow on those before: lines, elements of a list, or row groups. */
export function encoded(records: readonly RawRecord[], kind: FileKind, types: Types): Encoded {
  if (kind === 'parquet') return asGroups(records, types);
  const { between, last } = separators(kind);
  const text = records.map((record) => jsonOf(record)).join(between);
  const ended = records.length === 0 ? text : text + last;
  return { bytes: new TextEncoder().encode(ended), groups: [], rows: records.length };
}

/** Bytes of a group at most, about: they bound what a reader must hold. */
const GROUP = 8 << 20;

function asGroups(records: readonly RawRecord[], types: Types): Encoded {
  const tape = new Tape();
  const writer = new RowGroupWriter(tape);
  const columns = new Columns(tape, heldColumns(types), declaredColumns(types));
  const mixed = mixedMedia(types);
  const pieces: Encoded[] = [];
  tape.begin(NO_BYTES);
  for (const [at, record] of records.entries()) {
    tape.size = 0;
    columns.add(tapeOf(tape, mixed.length > 0 ? withRecords(record, mixed) : record));
    if (tape.end < GROUP && at < records.length - 1) continue;
    pieces.push(writer.write(columns));
    columns.clear();
    tape.begin(NO_BYTES);
  }
  return joined(pieces);
}

const NO_BYTES = new Uint8Array(0);

function withRecords(record: RawRecord, mixed: readonly MediaKey[]): RawRecord {
  const media = mixed.filter((key) => Array.isArray(record[key]));
  return { ...record, ...Object.fromEntries(media.map((key) => [key, (record[key] as unknown[]).map(mediumRecord)])) };
}

function joined(pieces: readonly Encoded[]): Encoded {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  let at = 0;
  const groups = pieces.flatMap((piece) => {
    const there = moved(piece.groups, at);
    at += piece.bytes.length;
    return there;
  });
  const bytes = new Uint8Array(Buffer.concat(pieces.map((piece) => piece.bytes)));
  return { bytes, groups, rows: pieces.reduce((sum, { rows }) => sum + rows, 0) };
}

/** Row groups whose bytes begin elsewhere. */
export function moved(groups: readonly RowGroup[], by: number): RowGroup[] {
  const at = BigInt(by);
  return groups.map((group) => ({
    ...group,
    columns: group.columns.map(({ meta_data, file_offset, ...chunk }) => ({
      ...chunk,
      file_offset: file_offset + at,
      ...(meta_data && {
        meta_data: {
          ...meta_data,
          data_page_offset: meta_data.data_page_offset + at,
          ...(meta_data.dictionary_page_offset === undefined
            ? {}
            : { dictionary_page_offset: meta_data.dictionary_page_offset + at }),
        },
      }),
    })),
  }));
}
