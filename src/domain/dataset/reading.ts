import { MEDIA, type Media, type MediaKey, type Message } from './dataset';
import type { RawRecord } from '../rollouts/rollout';

/** A value as a record, or undefined. */
export function asRecord(value: unknown): RawRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
    ? (value as RawRecord)
    : undefined;
}

/** Everything but these keys and but nulls: the columns that a form does not know. */
export function columnsBesides(record: RawRecord, keys: readonly string[]): RawRecord {
  const columns: Record<string, unknown> = {};
  for (const key in record) {
    const value = record[key];
    if (value !== null && value !== undefined && !keys.includes(key)) columns[key] = value;
  }
  return columns;
}

/** Turns of a chat, or a sentence on the first that is none. */
export function messagesOf(value: unknown, where: string): readonly Message[] | string {
  if (!Array.isArray(value)) return `“${where}” is no list of messages.`;
  const messages: Message[] = [];
  for (const [index, item] of value.entries()) {
    const message = asRecord(item);
    if (typeof message?.['role'] !== 'string') return `Message ${index + 1} of “${where}” has no role.`;
    const content = contentOf(message['content']);
    if (content === undefined) return `The content of message ${index + 1} of “${where}” is neither text nor parts.`;
    const more = columnsBesides(message, ['role', 'content']);
    messages.push({ role: message['role'], content, ...(Object.keys(more).length > 0 ? { more } : {}) });
  }
  return messages;
}

/** Text as it is; parts as text with a tag for each medium. */
function contentOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) return undefined;
  const parts = content.map((part) => {
    if (typeof part === 'string') return part;
    const { type, text } = asRecord(part) ?? {};
    if (typeof text === 'string') return text;
    return type === 'image' || type === 'video' || type === 'audio' ? `<${type}>` : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

const NONE: readonly Media[] = [];

/** Media under their usual names, in the singular or plural, one or many. */
export function mediaOf(record: RawRecord): Record<MediaKey, readonly Media[]> | string {
  const found: Record<MediaKey, readonly Media[]> = { images: NONE, videos: NONE, audios: NONE };
  for (const key of MEDIA) {
    const [many, one] = [record[key], record[key.slice(0, -1)]];
    if ((many === undefined || many === null) && (one === undefined || one === null)) continue;
    const list = [...listed(many), ...listed(one)];
    const media = list.map((item) => mediumOf(item, key));
    const bad = media.indexOf(undefined);
    if (bad >= 0) return `Item ${bad + 1} of “${key}” is neither a path nor a record with “path” or “bytes”.`;
    found[key] = media.filter((item) => item !== undefined);
  }
  return found;
}

function listed(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function mediumOf(value: unknown, key: MediaKey): Media | undefined {
  if (typeof value === 'string') return { path: value };
  if (value instanceof Uint8Array) return { bytes: value };
  const record = asRecord(value);
  if (!record) return undefined;
  const name = key.slice(0, -1);
  const path = record['path'] ?? record[name];
  const bytes = record['bytes'];
  const more = columnsBesides(record, ['path', name, 'bytes']);
  const medium = {
    ...(typeof path === 'string' ? { path } : {}),
    ...(bytes instanceof Uint8Array ? { bytes } : {}),
    ...(Object.keys(more).length > 0 ? { more } : {}),
  };
  return medium.path === undefined && medium.bytes === undefined ? undefined : medium;
}

/** All names under which media stand. */
export const MEDIA_NAMES: readonly string[] = MEDIA.flatMap((key) => [key, key.slice(0, -1)]);
