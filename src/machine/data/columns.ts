import { MEDIA, type MediaKey } from '../../domain/dataset/dataset';
import { declared, type ColumnType } from '../../domain/dataset/types';

export type Columns = Readonly<Record<string, ColumnType>>;

/** Types of columns; `media`: those of media, if each were a record, as some files name paths and bytes in one column. */
export interface Types {
  readonly columns: Columns;
  readonly media: Columns;
}

/** Columns as a parquet file declares them. */
export function declaredColumns(types: Types): Columns {
  return Object.fromEntries(Object.entries(heldColumns(types)).map(([key, type]) => [key, declared(type)]));
}

/** What the values of columns must be, media of both kinds taken as records. */
export function heldColumns({ columns, media }: Types): Columns {
  const entries = Object.entries(columns).map(
    ([key, type]) => [key, isMixed(type) ? (media[key] ?? type) : type] as const,
  );
  return Object.fromEntries(entries);
}

/** The columns of media in which some are records and some paths. */
export function mixedMedia({ columns }: Types): readonly MediaKey[] {
  return MEDIA.filter((key) => columns[key] && isMixed(columns[key]));
}

function isMixed(type: ColumnType): boolean {
  return type.kind === 'json' || (type.kind === 'list' && type.of.kind === 'json');
}

/** A medium as a record: one that is only a path, too. */
export function mediumRecord(item: unknown): unknown {
  return typeof item === 'string' ? { path: item } : item;
}
