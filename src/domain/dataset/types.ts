/** The type of a column's values, as a parquet file must declare it; `json` where they do not agree on one. */
export type ColumnType =
  | { readonly kind: 'nothing' | 'boolean' | 'integer' | 'number' | 'text' | 'bytes' | 'json' }
  | { readonly kind: 'list'; readonly of: ColumnType }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, ColumnType>> };

/** Beyond this a record is a table of its own, keyed by data, not a structure. */
const MOST_FIELDS = 64;

const NOTHING: ColumnType = { kind: 'nothing' };
const JSON_TEXT: ColumnType = { kind: 'json' };

/** The type of one value. Objects without keys have none that parquet could declare, so they are JSON. */
function typeOf(value: unknown): ColumnType {
  if (value === null || value === undefined) return NOTHING;
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'string') return { kind: 'text' };
  if (typeof value === 'number')
    return { kind: Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'number' };
  if (value instanceof Uint8Array) return { kind: 'bytes' };
  if (Array.isArray(value)) return value.reduce(listOf, { kind: 'list', of: NOTHING } satisfies ColumnType);
  return typeof value === 'object' ? recordOf(value) : JSON_TEXT;
}

function listOf(list: ColumnType, item: unknown): ColumnType {
  if (list.kind !== 'list') return list;
  return item === null || item === undefined ? JSON_TEXT : { kind: 'list', of: merged(list.of, typeOf(item)) };
}

function recordOf(value: object): ColumnType {
  const entries = Object.entries(value);
  if (entries.length === 0 || entries.length > MOST_FIELDS) return JSON_TEXT;
  return { kind: 'record', fields: Object.fromEntries(entries.map(([key, inner]) => [key, typeOf(inner)])) };
}

/** The type that also holds this value: the same one, where it does already. */
export function widened(known: ColumnType, value: unknown): ColumnType {
  return holds(known, value) ? known : merged(known, typeOf(value));
}

function holds(type: ColumnType, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  switch (type.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case 'boolean':
      return typeof value === 'boolean';
    case 'bytes':
      return value instanceof Uint8Array;
    case 'list':
      return Array.isArray(value) && value.every((item) => item !== null && item !== undefined && holds(type.of, item));
    case 'record':
      return (
        typeof value === 'object' &&
        !Array.isArray(value) &&
        !(value instanceof Uint8Array) &&
        fields(type.fields, value)
      );
    default:
      return type.kind === 'json';
  }
}

/** Whether every field is known and of its type; a record without fields is a type of its own. */
function fields(known: Fields, value: object): boolean {
  let count = 0;
  for (const key in value) {
    const type = known[key];
    if (type === undefined || !holds(type, (value as Readonly<Record<string, unknown>>)[key])) return false;
    count += 1;
  }
  return count > 0;
}

/** The type that holds values of both. */
export function merged(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b || b.kind === 'nothing') return a;
  if (a.kind === 'nothing') return b;
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', of: merged(a.of, b.of) };
  if (a.kind === 'record' && b.kind === 'record') return mergedRecords(a.fields, b.fields);
  if (a.kind === b.kind) return a;
  const numbers = [a.kind, b.kind].every((kind) => kind === 'integer' || kind === 'number');
  return numbers ? { kind: 'number' } : JSON_TEXT;
}

function mergedRecords(a: Fields, b: Fields): ColumnType {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  if (keys.length > MOST_FIELDS) return JSON_TEXT;
  return {
    kind: 'record',
    fields: Object.fromEntries(keys.map((key) => [key, merged(a[key] ?? NOTHING, b[key] ?? NOTHING)])),
  };
}

type Fields = Readonly<Record<string, ColumnType>>;

/** The type as it can be declared: where a list holds nothing, or values of no one type, the whole is JSON. */
export function declared(type: ColumnType): ColumnType {
  if (type.kind === 'nothing') return JSON_TEXT;
  if (type.kind === 'list') return type.of.kind === 'nothing' || hasJson(type.of) ? JSON_TEXT : type;
  if (type.kind !== 'record') return type;
  return {
    kind: 'record',
    fields: Object.fromEntries(Object.entries(type.fields).map(([key, of]) => [key, declared(of)])),
  };
}

function hasJson(type: ColumnType): boolean {
  if (type.kind === 'record') return Object.values(type.fields).some(hasJson);
  return type.kind === 'list' ? hasJson(type.of) : type.kind === 'json' || type.kind === 'nothing';
}

/** Columns, or fields of them, that will be JSON text. */
export function jsonParts(fields: Fields, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([key, type]) => {
    if (type.kind === 'json') return [prefix + key];
    return type.kind === 'record' ? jsonParts(type.fields, `${prefix}${key}.`) : [];
  });
}
