import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MEDIA, type DataRecord, type MediaKey } from '../../domain/dataset/dataset';
import type { DataFinding } from '../../domain/dataset/checking';
import { Problem } from '../../domain/problem';
import type { Disk } from '../disk';
import { pathThere } from './brought';
import { sizeIn } from './looking';

type Said = Pick<DataFinding, 'rule' | 'weight' | 'text'>;

const HEAD = 64 << 10;
const MOST_KNOWN = 100_000;

/** Looks whether the files of records' media are there and are pictures; each file once. */
export class MediaFiles {
  readonly #known = new Map<string, Promise<Said | undefined>>();

  /** `disk`: the machine that the folder is on, where that is not this one. */
  constructor(
    private readonly folder: string,
    private readonly disk?: Disk,
  ) {}

  async look(record: DataRecord): Promise<readonly Said[]> {
    const asked = MEDIA.flatMap((key) =>
      record[key].map(({ path, bytes }, at) => {
        if (bytes) return key === 'images' ? inside(bytes, `Picture ${at + 1}`) : undefined;
        if (path === undefined || /^(https?|data|s3|oss):/i.test(path)) return undefined;
        return this.#file(path, key);
      }),
    );
    return (await Promise.all(asked)).filter((said) => said !== undefined);
  }

  #file(path: string, key: MediaKey): Promise<Said | undefined> {
    const own = path.replace(/^file:\/\//, '');
    const full = this.disk ? pathThere(this.folder, own) : resolve(this.folder, own);
    const known = this.#known.get(full);
    if (known) return known;
    const asked = this.disk ? lookThere({ path, full, key }, this.disk) : lookAt({ path, full, key });
    if (this.#known.size < MOST_KNOWN) this.#known.set(full, asked);
    return asked;
  }
}

interface Place {
  readonly path: string;
  readonly full: string;
  readonly key: MediaKey;
}

async function lookAt({ path, full, key }: Place): Promise<Said | undefined> {
  const handle = await open(full).catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown');
  if (typeof handle === 'string') {
    const why = handle === 'ENOENT' ? 'is not there' : `cannot be read, ${handle}`;
    return { rule: 'missing-file', weight: 'error', text: `The file ${path} ${why} (${full}).` };
  }
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size === 0)
      return { rule: 'missing-file', weight: 'error', text: `The file ${path} is empty or no file (${full}).` };
    if (key !== 'images') return undefined;
    const bytes = Buffer.alloc(Math.min(HEAD, found.size));
    await handle.read(bytes, 0, bytes.length, 0);
    const tail = Buffer.alloc(Math.min(TAIL, found.size));
    await handle.read(tail, 0, tail.length, found.size - tail.length);
    return inside(bytes, `The file ${path}`, tail);
  } finally {
    await handle.close();
  }
}

async function lookThere({ path, full, key }: Place, disk: Disk): Promise<Said | undefined> {
  const head = await disk.read(full, 0, key === 'images' ? HEAD : 1).catch((error: unknown) => {
    if (error instanceof Problem && error.code !== 'closed') return error.message;
    throw error;
  });
  const said = (why: string): Said => ({ rule: 'missing-file', weight: 'error', text: `The file ${path} ${why}.` });
  if (typeof head === 'string') return said(`cannot be read there: ${head.replace(/\.$/, '')}`);
  if (head.file === '') return said(`is not there (${full})`);
  if (head.size === 0) return said(`is empty (${full})`);
  if (key !== 'images') return undefined;
  const tail = head.size <= HEAD ? head : await disk.read(full, Math.max(0, head.size - TAIL), TAIL);
  return inside(head.bytes, `The file ${path}`, tail.bytes);
}

const TAIL = 4096;

/** A picture that has no size, or whose end is missing. */
function inside(bytes: Uint8Array, name: string, tail = bytes): Said | undefined {
  const size = sizeIn(bytes);
  if (typeof size === 'string') return { rule: 'broken-image', weight: 'error', text: `${name}: ${size}` };
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  const png = bytes[0] === 0x89 && !end.includes('IEND');
  const jpeg = bytes[0] === 0xff && end.lastIndexOf(Buffer.from([0xff, 0xd9])) < 0;
  if (!png && !jpeg) return undefined;
  return { rule: 'broken-image', weight: 'error', text: `${name} ends in the middle of its picture.` };
}
