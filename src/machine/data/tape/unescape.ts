/** What a backslash and a letter stand for; 0: nothing. */
const SINGLE = Uint8Array.from({ length: 128 }, (_, byte) => {
  const at = '"\\/bfnrt'.indexOf(String.fromCharCode(byte));
  return at < 0 ? 0 : '"\\/\b\f\n\r\t'.charCodeAt(at);
});
const STOPS = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 32 || byte === 34 || byte === 92 ? 1 : 0));

/**
 * Decodes the rest of a JSON text where it stands, from its first backslash on: what is decoded is never longer. Undefined
 * where it is no JSON text, or holds half a pair of surrogates, which UTF-8 has no bytes for.
 */
export function unescaped(bytes: Uint8Array, first: number): { read: number; written: number } | undefined {
  let [read, written] = [first, first];
  for (;;) {
    const byte = bytes[read] ?? 0;
    if (STOPS[byte] === 0) {
      bytes[written++] = byte;
      read += 1;
      continue;
    }
    if (byte === 34) return { read: read + 1, written };
    if (byte !== 92) return undefined;
    const letter = bytes[read + 1] ?? 0;
    const single = letter < 128 ? (SINGLE[letter] ?? 0) : 0;
    if (single > 0) {
      bytes[written++] = single;
      read += 2;
      continue;
    }
    const code = letter === 117 ? unit(bytes, read + 2) : -1;
    const low = code >= 0xd800 && code < 0xdc00 && bytes[read + 6] === 92 && bytes[read + 7] === 117;
    const second = low ? unit(bytes, read + 8) : 0;
    const point = pair(code, second);
    if (point < 0) return undefined;
    written = encoded(bytes, written, point);
    read += point > 0xffff ? 12 : 6;
  }
}

/** The point that one or two units stand for; −1 where that is none. */
function pair(code: number, second: number): number {
  if (code < 0xd800 || code > 0xdfff) return code;
  if (code > 0xdbff || second < 0xdc00 || second > 0xdfff) return -1;
  return 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
}

/** Four hexadecimal digits, or −1. */
function unit(bytes: Uint8Array, from: number): number {
  let code = 0;
  for (let at = from; at < from + 4; at++) {
    const byte = bytes[at] ?? 0;
    const letter = byte | 32;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : letter >= 97 && letter <= 102 ? letter - 87 : -1;
    if (digit < 0) return -1;
    code = (code << 4) | digit;
  }
  return code;
}

function encoded(bytes: Uint8Array, from: number, point: number): number {
  let at = from;
  if (point < 0x80) bytes[at++] = point;
  else if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6);
  else if (point < 0x10000) {
    bytes[at++] = 0xe0 | (point >> 12);
    bytes[at++] = 0x80 | ((point >> 6) & 63);
  } else {
    bytes[at++] = 0xf0 | (point >> 18);
    bytes[at++] = 0x80 | ((point >> 12) & 63);
    bytes[at++] = 0x80 | ((point >> 6) & 63);
  }
  if (point >= 0x80) bytes[at++] = 0x80 | (point & 63);
  return at;
}
