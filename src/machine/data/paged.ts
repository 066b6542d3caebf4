import { dirname, resolve } from 'node:path';
import { MEDIA, type DataForm, type DataRecord, type Media, type MediaKey } from '../../domain/dataset/dataset';
import { checkRecord } from '../../domain/dataset/checking';
import { formOf } from '../../domain/frameworks/datasets';
import type { RawRecord } from '../../domain/rollouts/rollout';
import type { DataItem, DataMedium } from '../../wire/dataPanel';
import { parseLine } from '../rollouts/json';
import { jsonOf, revived } from './bytes';
import { LineOffsets } from './lineOffsets';
import { parquetCount, parquetRows } from './parquetRecords';
import { kindOf, readRecords } from './records';

/** A data set of which any stretch can be read. */
export interface Paged {
  readonly rows: number;
  readonly form: DataForm | undefined;
  /** Records [from, to), clipped to what there is. */
  records(from: number, to: number): Promise<readonly RawRecord[]>;
}

/** Errors: `missing`, `bad-input`, `unsupported`. */
export async function openPaged(file: string): Promise<Paged> {
  const opened = await openByKind(file);
  const [first] = await opened.records(0, Math.min(1, opened.rows));
  return { ...opened, form: first && formOf(first) };
}

async function openByKind(file: string): Promise<Omit<Paged, 'form'>> {
  const kind = kindOf(file);
  if (kind === 'parquet') return { rows: await parquetCount(file), records: (from, to) => parquetRows(file, from, to) };
  if (kind === 'jsonl') {
    const lines = await LineOffsets.of(file);
    const records = async (from: number, to: number): Promise<readonly RawRecord[]> =>
      (await lines.read(from, to)).map((line) => revived(parseLine(line) ?? {}));
    return { rows: lines.rows, records };
  }
  const all: RawRecord[] = [];
  for await (const { record } of readRecords(file)) all.push(record ?? {});
  return { rows: all.length, records: async (from, to) => all.slice(from, to) };
}

/** Bytes of a picture beyond which it is not sent to the page. */
const MOST_BYTES = 4 << 20;

/** Where a page can load a medium from that a record names by this path. */
export type Sources = (path: string) => Pick<DataMedium, 'source' | 'why'>;

/** Media that lie on this machine, beside a file; `uriOf` gives a page's address of a whole path. */
export function sourcesBeside(file: string, uriOf: (path: string) => string): Sources {
  return (path) => ({ source: uriOf(resolve(dirname(file), path)) });
}

/** A record as the page shows it. */
export function itemOf(row: number, raw: RawRecord, form: DataForm | undefined, sources: Sources): DataItem {
  const read = (form ?? formOf(raw))?.read(raw) ?? 'It has none of the known forms.';
  const empty = { turns: [], media: [], solution: null, response: null, columns: [], findings: [] };
  if (typeof read === 'string') return { row, bad: read, ...empty };
  const used = form ?? formOf(raw);
  return {
    row,
    bad: null,
    turns: read.messages.map(({ role, content }) => ({ role, content })),
    media: MEDIA.flatMap((key) => read[key].map((medium) => mediumOf(medium, key, sources))),
    solution: read.solution === undefined ? null : plain(read.solution),
    response: read.response ?? null,
    columns: Object.entries(read.columns).map(([name, value]) => [name, plain(value)]),
    findings: used ? checkRecord(used, raw, read).map(({ text }) => text) : [],
  };
}

function mediumOf({ path, bytes }: Media, key: MediaKey, sources: Sources): DataMedium {
  const kind = key.slice(0, -1) as DataMedium['kind'];
  if (bytes) {
    const shown = kind === 'image' && bytes.byteLength <= MOST_BYTES;
    return { kind, label: path ?? `${bytes.byteLength} bytes`, source: shown ? dataUrl(bytes) : null };
  }
  const remote = path === undefined || /^[a-z]{2,}:/i.test(path);
  return { kind, label: path ?? 'nothing', ...(remote ? { source: null } : sources(path)) };
}

/** A picture as a page can show it without loading anything. */
export function dataUrl(bytes: Uint8Array): string {
  return `data:${typeOf(bytes)};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** A picture's type by its first bytes. */
function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff) return 'image/jpeg';
  if (bytes[0] === 0x47) return 'image/gif';
  return bytes[0] === 0x52 ? 'image/webp' : 'image/png';
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : jsonOf(value as RawRecord);
}

/** The media folders of a record: what a page must be allowed to load from. */
export function mediaFolders(file: string, record: DataRecord): readonly string[] {
  const paths = MEDIA.flatMap((key) => record[key].map(({ path }) => path)).filter((path) => path !== undefined);
  return [...new Set(paths.map((path) => dirname(resolve(dirname(file), path))))];
}
