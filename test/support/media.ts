import { crc32, deflateSync } from 'node:zlib';

/** A grey picture. */
export function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((width + 1) * height, 128));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The header of an MP4 film without its pictures. */
export function film(of: {
  readonly frames: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
}): Buffer {
  const clock = Buffer.alloc(24);
  clock.writeUInt32BE(of.fps * 100, 12);
  clock.writeUInt32BE(of.frames * 100, 16);
  const kind = Buffer.alloc(24);
  kind.write('vide', 8);
  const samples = Buffer.alloc(12);
  samples.writeUInt32BE(of.frames, 8);
  const header = Buffer.alloc(84);
  header.writeUInt32BE(of.width * 65536, 76);
  header.writeUInt32BE(of.height * 65536, 80);
  const media = box('mdia', box('mdhd', clock), box('hdlr', kind), box('minf', box('stbl', box('stsz', samples))));
  return Buffer.concat([box('ftyp', Buffer.from('isom')), box('moov', box('trak', box('tkhd', header), media))]);
}

function box(type: string, ...inside: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(type), ...inside]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  return Buffer.concat([size, body]);
}
