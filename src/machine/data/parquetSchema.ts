import type { SchemaElement } from 'hyparquet';
import type { ColumnType } from '../../domain/dataset/types';

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
