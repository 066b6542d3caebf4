import { Problem } from '../../domain/problem';
import type { LineIndex } from './lineIndex';
import type { OpenFile } from './openFile';
import type { Scanner } from './scan';
import type { Search } from './source';

/** Bytes searched at once. */
const CHUNK = 8 << 20;
/** Pieces after which other questions get their turn. */
const BREATH = 4;

export interface Searched {
  readonly file: OpenFile;
  readonly index: LineIndex;
  readonly scanner: Scanner;
}

/**
 * Finds a text in the bytes of a JSONL file, in each way in which a writer may have escaped it, and marks rows in which
 * it stands inside of one of the members.
 */
export async function searchLines(searched: Searched, search: Search): Promise<void> {
  const forms = escapedForms(search.needle).map((form) => Buffer.from(form));
  const chunk = Buffer.allocUnsafe(CHUNK);
  const { file, index } = searched;
  let pieces = 0;
  for (let row = 0; row < index.rows;) {
    const offset = index.start(row);
    const last = Math.min(index.rows, Math.max(row + 1, index.rowAt(offset + CHUNK)));
    const length = index.start(last) - offset;
    const bytes = length > CHUNK ? Buffer.allocUnsafe(length) : chunk.subarray(0, length);
    file.readInto(bytes, offset);
    for (const form of forms) searchPiece(searched, search, { bytes, offset, form });
    row = last;
    if (++pieces % BREATH !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (search.signal?.aborted) throw new Problem({ code: 'cancelled', message: 'A newer query has taken over.' });
  }
}

interface Piece {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly form: Buffer;
}

function searchPiece({ index, scanner }: Searched, { keys, mark }: Search, { bytes, offset, form }: Piece): void {
  const rare = rarest(form);
  const part = form.subarray(rare);
  for (let hit = bytes.indexOf(part, rare); hit >= 0;) {
    const at = hit - rare;
    if (rare > 0 && bytes.compare(form, 0, rare, at, hit) !== 0) {
      hit = bytes.indexOf(part, hit + 1);
      continue;
    }
    const row = index.rowAt(offset + at);
    const [start, end] = [index.start(row) - offset, index.start(row + 1) - offset];
    const inside = within(scanner, { bytes, start, end }, { keys, form });
    if (inside) mark(row);
    hit = bytes.indexOf(part, end + rare);
  }
}

interface Line {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Does the form stand in one of the members of this line? A line that is no object is searched whole. */
function within(
  scanner: Scanner,
  { bytes, start, end }: Line,
  { keys, form }: { keys: readonly string[]; form: Buffer },
): boolean {
  let found = false;
  const whole = scanner.members(bytes, start, end, (key, from, to) => {
    if (found || !keys.includes(key)) return;
    const at = bytes.indexOf(form, from);
    found = at >= 0 && at + form.length <= to;
  });
  return found || !whole;
}

/** How often bytes stand in English, Python and JSON texts, most often first; what is not here is rare. */
const COMMON = ' etaoinsrhldcumfpgwybvk"\\,.-<>:/=0123(){}';

/** The place of the form's rarest byte: searching from there is what makes a byte search fast. */
function rarest(form: Buffer): number {
  const rank = (byte: number): number => {
    const at = COMMON.indexOf(String.fromCharCode(byte));
    return at < 0 ? COMMON.length : at;
  };
  let best = 0;
  for (let at = 1; at < form.length; at++) if (rank(form[at] ?? 0) > rank(form[best] ?? 0)) best = at;
  return best;
}

/** A text as JSON writers put it: as it is, with everything beyond ASCII as `\uXXXX` (two cases), or safe for HTML. */
export function escapedForms(needle: string): string[] {
  const plain = JSON.stringify(needle).slice(1, -1);
  const hex = (text: string): string => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const ascii = plain.replace(/[\u0080-\uffff]/g, hex);
  const upper = plain.replace(/[\u0080-\uffff]/g, (text) => `\\u${hex(text).slice(2).toUpperCase()}`);
  const safe = plain.replace(/[<>&\u2028\u2029]/g, hex);
  const slashed = plain.replaceAll('/', '\\/');
  return [...new Set([plain, ascii, upper, safe, slashed])];
}
