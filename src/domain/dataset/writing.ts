import { MEDIA, type DataRecord, type Media, type Message } from './dataset';
import type { RawRecord } from '../rollouts/rollout';

/** A message as chat frameworks write it. */
export function writtenMessage({ role, content, more }: Message): RawRecord {
  return { role, content, ...more };
}

/** Media by path as plain text, by bytes as records; only those there are. */
export function writtenMedia(record: DataRecord): RawRecord {
  const media: Record<string, unknown> = {};
  for (const key of MEDIA) if (record[key].length > 0) media[key] = record[key].map(writtenMedium);
  return media;
}

function writtenMedium({ path, bytes, more }: Media): unknown {
  if (bytes === undefined && more === undefined) return path;
  return { ...(path === undefined ? {} : { path }), ...(bytes === undefined ? {} : { bytes }), ...more };
}

/** The key with its value, or nothing where there is none. */
export function given(key: string, value: unknown): RawRecord {
  return value === undefined || value === null ? {} : { [key]: value };
}
