import type { RawRecord } from '../../domain/rollouts/rollout';

const MEDIA_NAMES = ['images', 'image', 'videos', 'video', 'audios', 'audio'];

/** JSON has no bytes: under the key `bytes` of a medium they stand as base64. */
export function revived(record: RawRecord): RawRecord {
  const names = MEDIA_NAMES.filter((name) => typeof record[name] === 'object' && record[name] !== null);
  const changed = names.map((name) => [name, withBytes(record[name])] as const);
  return changed.some(([name, value]) => value !== record[name])
    ? { ...record, ...Object.fromEntries(changed) }
    : record;
}

function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withBytes);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  const bytes = typeof value === 'object' && value !== null ? (value as RawRecord)['bytes'] : undefined;
  if (typeof bytes !== 'string') return value;
  return { ...(value as RawRecord), bytes: new Uint8Array(Buffer.from(bytes, 'base64')) };
}

/** A record as one line of JSON. */
export function jsonOf(record: RawRecord, indent?: number): string {
  return JSON.stringify(record, replaced, indent);
}

function replaced(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? Number(value) : value;
}
