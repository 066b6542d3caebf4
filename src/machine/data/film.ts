import { open, type FileHandle } from 'node:fs/promises';
import type { Film } from '../../domain/dataset/vision';

/** Boxes beyond this are no header. */
const MOST = 64 << 20;

interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** Frames, frames per second and size of an MP4 or QuickTime file, from its header (ISO/IEC 14496-12); else a sentence. */
export async function filmOf(path: string): Promise<Film | string> {
  const handle = await open(path);
  try {
    const header = await topBox(handle, 'moov');
    const track = header && boxesIn(header).find((box) => box.type === 'trak' && kindOf(box) === 'vide');
    if (!track) return 'It is no MP4 film whose header could be read, so its frames are not known.';
    return filmIn(track.body);
  } finally {
    await handle.close();
  }
}

async function topBox(handle: FileHandle, wanted: string): Promise<Buffer | undefined> {
  const { size: end } = await handle.stat();
  const head = Buffer.alloc(16);
  for (let at = 0; at + 8 <= end;) {
    await handle.read(head, 0, 16, at);
    const short = head.readUInt32BE(0);
    const [size, skip] = short === 1 ? [Number(head.readBigUInt64BE(8)), 16] : [short === 0 ? end - at : short, 8];
    if (size < skip || !/^[\w ]{4}$/.test(head.toString('latin1', 4, 8))) return undefined;
    if (head.toString('latin1', 4, 8) === wanted && size <= MOST) {
      const body = Buffer.alloc(Math.min(size, end - at) - skip);
      await handle.read(body, 0, body.length, at + skip);
      return body;
    }
    at += size;
  }
  return undefined;
}

function boxesIn(body: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= body.length;) {
    const size = body.readUInt32BE(at);
    if (size < 8 || at + size > body.length) break;
    boxes.push({ type: body.toString('latin1', at + 4, at + 8), body: body.subarray(at + 8, at + size) });
    at += size;
  }
  return boxes;
}

function inside(body: Buffer, ...path: readonly string[]): Buffer | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return body;
  const box = boxesIn(body).find(({ type }) => type === first);
  return box && inside(box.body, ...rest);
}

function kindOf({ body }: Box): string | undefined {
  return inside(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
}

function filmIn(track: Buffer): Film | string {
  const samples = inside(track, 'mdia', 'minf', 'stbl', 'stsz');
  const [clock, header] = [inside(track, 'mdia', 'mdhd'), inside(track, 'tkhd')];
  if (!samples || !clock || !header || samples.length < 12 || clock.length < 20) return 'Its film’s header is broken.';
  const frames = samples.readUInt32BE(8);
  const long = clock[0] === 1;
  const scale = clock.readUInt32BE(long ? 20 : 12);
  const lasts = long ? Number(clock.readBigUInt64BE(24)) : clock.readUInt32BE(16);
  // The last eight bytes are width and height, as 16.16 fixed point.
  const [width, height] = [
    header.readUInt32BE(header.length - 8) >>> 16,
    header.readUInt32BE(header.length - 4) >>> 16,
  ];
  return {
    frames,
    ...(scale > 0 && lasts > 0 ? { fps: (frames * scale) / lasts } : {}),
    ...(width > 0 && height > 0 ? { size: { width, height } } : {}),
  };
}
