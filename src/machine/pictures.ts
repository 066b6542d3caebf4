import { open, realpath } from 'node:fs/promises';
import { basename, resolve, sep } from 'node:path';
import type { Picture } from '../wire/completionsPanel';

/** Columns in which pictures and films are named, as data sets and records call them; a film may be a list of frames. */
const COLUMNS = ['image', 'images', 'image_path', 'image_paths', 'picture', 'video', 'videos', 'video_path', 'frames'];
const MOST_PICTURES = 8;
const MOST_BYTES = 10 << 20;
const MOST_BYTES_OF_FILM = 24 << 20;
/** Pixels that a browser is asked to unpack; a small file may hold far more. */
const MOST_PIXELS = 50_000_000;

/** Names of pictures among a row's columns. */
export function pictureNames(columns: Readonly<Record<string, unknown>>): string[] {
  return evenly(COLUMNS.flatMap((column) => nameOf(columns[column])));
}

/** Of many frames a few, from the first to the last. */
function evenly(names: readonly string[]): string[] {
  const count = Math.min(names.length, MOST_PICTURES);
  return Array.from(
    { length: count },
    (_, at) => names[Math.round((at * (names.length - 1)) / Math.max(1, count - 1))] ?? '',
  );
}

function nameOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(nameOf);
  if (typeof value === 'string') return value === '' ? [] : [value];
  const path = typeof value === 'object' && value !== null ? (value as { path?: unknown }).path : undefined;
  return typeof path === 'string' ? [path] : [];
}

/**
 * A picture or film as a data URL, so that the page needs no access to any folder. Only files inside of these folders, only
 * formats that cannot hold a script, only sizes that a page can bear; nothing is ever fetched.
 */
export async function pictureOf(name: string, folders: readonly string[]): Promise<Picture> {
  if (/^[a-z][a-z0-9+.-]+:/i.test(name) && !/^[a-z]:[\\/]/i.test(name)) return refused(name, 'it is not a file here');
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => folder);
    const path = await realpath(resolve(root, name)).catch(() => undefined);
    if (path === undefined) continue;
    return path.startsWith(root + sep)
      ? read(path, name)
      : refused(name, 'it lies outside of the run and its data set');
  }
  return refused(name, 'there is no such file');
}

function refused(name: string, why: string): Picture {
  return { name, why };
}

async function read(path: string, name: string): Promise<Picture> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const most = FILM.test(name) ? MOST_BYTES_OF_FILM : MOST_BYTES;
    if (size > most) return refused(name, `it has ${Math.ceil(size / (1 << 20))} MB`);
    const bytes = Buffer.alloc(size);
    await handle.read(bytes, 0, size, 0);
    const seen = lookAt(bytes);
    if (!seen) return refused(name, 'it is no PNG, JPEG, GIF, WebP, MP4 or WebM');
    if (seen.pixels > MOST_PIXELS) return refused(name, `it has ${Math.round(seen.pixels / 1e6)} megapixels`);
    return { name: basename(path), src: `data:${seen.type};base64,${bytes.toString('base64')}` };
  } finally {
    await handle.close();
  }
}

const FILM = /\.(mp4|m4v|webm)$/i;

interface Seen {
  readonly type: string;
  readonly pixels: number;
}

/** What kind of picture the bytes are, by themselves and not by their name, and how large it would be. */
function lookAt(bytes: Buffer): Seen | undefined {
  if (bytes.length < 30) return undefined;
  if (bytes.readUInt32BE(0) === 0x89504e47)
    return { type: 'image/png', pixels: bytes.readUInt32BE(16) * bytes.readUInt32BE(20) };
  const head = bytes.toString('latin1', 0, 16);
  if (head.startsWith('GIF8')) return { type: 'image/gif', pixels: bytes.readUInt16LE(6) * bytes.readUInt16LE(8) };
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return { type: 'image/webp', pixels: 0 };
  if (head.slice(4, 8) === 'ftyp') return { type: 'video/mp4', pixels: 0 };
  if (bytes.readUInt32BE(0) === 0x1a45dfa3) return { type: 'video/webm', pixels: 0 };
  return bytes.readUInt16BE(0) === 0xffd8 ? jpeg(bytes) : undefined;
}

/** A JPEG's size stands in its frame's segment; the segments before it are skipped. */
function jpeg(bytes: Buffer): Seen | undefined {
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (bytes[at] !== 0xff) return undefined;
    if (frame) return { type: 'image/jpeg', pixels: bytes.readUInt16BE(at + 5) * bytes.readUInt16BE(at + 7) };
  }
  return undefined;
}
