import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { imageSize } from 'image-size';
import { MEDIA, type DataRecord, type Media, type MediaKey } from '../../domain/dataset/dataset';
import type { Looked } from '../../domain/dataset/view';
import type { Size } from '../../domain/dataset/vision';
import type { Disk } from '../disk';
import { pathThere } from './brought';
import { filmOf } from './film';

/** Sizes stand at the beginning of pictures, but for metadata before them. */
const HEAD = 256 << 10;
/** What Pillow opens, by the names that the sizes' reader gives. */
const KINDS = ['bmp', 'gif', 'jpg', 'png', 'tiff', 'webp', 'j2c', 'jp2'];

/** Looks at the files of a record's media, in their order; nothing is fetched from anywhere. */
export async function lookedAt(record: DataRecord, folder: string, disk?: Disk): Promise<readonly Looked[]> {
  const all = MEDIA.flatMap((key) => record[key].map((medium) => ({ medium, key })));
  return Promise.all(all.map(({ medium, key }) => look(medium, key, { folder, disk })));
}

interface Where {
  readonly folder: string;
  readonly disk: Disk | undefined;
}

async function look({ path, bytes }: Media, key: MediaKey, { folder, disk }: Where): Promise<Looked> {
  if (key === 'audios') return 'Sounds are not looked at.';
  if (bytes) return key === 'images' ? sizeIn(bytes) : 'Films are looked at by their file only.';
  if (path === undefined || /^[a-z][a-z0-9+.-]*:/i.test(path.replace(/^file:/, '')))
    return 'It is not on this machine.';
  const own = path.replace(/^file:\/\//, '');
  if (disk)
    return key === 'images' ? sizeThere(pathThere(folder, own), disk) : 'Films of another host are not looked at.';
  const full = resolve(folder, own);
  try {
    return key === 'images' ? sizeIn(await beginning(full)) : await filmOf(full);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' ? 'Its file is not there.' : `Its file cannot be read (${code}).`;
  }
}

/** A picture's size by its first bytes, or a sentence on why it has none. */
export function sizeIn(bytes: Uint8Array): Size | string {
  try {
    const { width, height, type = '' } = imageSize(bytes);
    if (!KINDS.includes(type)) return `It is a ${type} file, which trainers cannot open as a picture.`;
    return width > 0 && height > 0 ? { width, height } : 'It is a broken picture: it has no size.';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return 'It is no picture, or a broken one.';
  }
}

async function sizeThere(path: string, disk: Disk): Promise<Looked> {
  const { bytes, file } = await disk.read(path, 0, HEAD);
  return file === '' ? 'Its file is not there.' : sizeIn(bytes);
}

async function beginning(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const bytes = Buffer.allocUnsafe(HEAD);
    const { bytesRead } = await handle.read(bytes, 0, HEAD, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
