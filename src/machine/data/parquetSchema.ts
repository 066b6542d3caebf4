import type { SchemaElement } from 'hyparquet';
import type { ColumnType } from '../../domain/dataset/types';
import type { RawRecord } from '../../domain/rollout';
import { jsonOf } from './bytes';

type Fields = Readonly<Record<string, ColumnType>>;

/** The schema of a file with these columns; every one may be missing in a row. Lists have the usual three levels. */
export function schemaOf(columns: Fields): SchemaElement[] {
  const children = Object.entries(columns);
  return [{ name: 'root', num_children: children.length }, ...children.flatMap(([name, type]) => elements(name, type))];
}

function elements(name: string, type: ColumnType): SchemaElement[] {
  const repetition_type = 'OPTIONAL' as const;
  switch (type.kind) {
    case 'boolean':
      return [{ name, repetition_type, type: 'BOOLEAN' }];
    case 'integer':
      return [{ name, repetition_type, type: 'INT64' }];
    case 'number':
      return [{ name, repetition_type, type: 'DOUBLE' }];
    case 'bytes':
      return [{ name, repetition_type, type: 'BYTE_ARRAY' }];
    case 'text':
      return [{ name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }];
    case 'list':
      return [
        { name, repetition_type, converted_type: 'LIST', num_children: 1, logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('element', type.of),
      ];
    case 'record': {
      const children = Object.entries(type.fields);
      const inner = children.flatMap(([key, of]) => elements(key, of));
      return [{ name, repetition_type, num_children: children.length }, ...inner];
    }
    default:
      return [{ name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'JSON' }];
  }
}

/** Brings the values of a column into the form in which the file's writer wants them. */
export function fitter(type: ColumnType): (value: unknown) => unknown {
  if (isAsWritten(type)) return (value) => value ?? null;
  return (value) => fitted(value, type);
}

/** Values that are written as they are: neither integers, which must be bigints, nor JSON, nor records, which may be paths. */
function isAsWritten(type: ColumnType): boolean {
  if (type.kind === 'list') return isAsWritten(type.of);
  return type.kind !== 'integer' && type.kind !== 'json' && type.kind !== 'record';
}

/** Integers as bigints, a path among records of media as such a record. */
function fitted(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === 'integer') return BigInt(value as number);
  if (type.kind === 'list') return (value as unknown[]).map((item) => fitted(item, type.of));
  if (type.kind === 'json') return typeof value === 'object' ? plainJson(value) : value;
  if (type.kind !== 'record') return value;
  const record = typeof value === 'string' ? { path: value } : (value as Readonly<Record<string, unknown>>);
  const fields: Record<string, unknown> = {};
  for (const key in type.fields) fields[key] = fitted(record[key], type.fields[key] ?? NOTHING);
  return fields;
}

const NOTHING: ColumnType = { kind: 'nothing' };

/** Bytes in it as base64, as in JSONL. */
function plainJson(value: object): unknown {
  return JSON.parse(jsonOf(value as RawRecord));
}
