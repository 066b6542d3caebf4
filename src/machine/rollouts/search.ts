import { Problem } from '../../domain/problem';
import { escapedForms, anchorOf } from './escapes';
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
  const needles = needlesOf(search);
  const chunk = Buffer.allocUnsafe(CHUNK);
  const { file, index } = searched;
  let pieces = 0;
  for (let row = 0; row < index.rows;) {
    const offset = index.start(row);
    const last = Math.min(index.rows, Math.max(row + 1, index.rowAt(offset + CHUNK)));
    const length = index.start(last) - offset;
    const bytes = length > CHUNK ? Buffer.allocUnsafe(length) : chunk.subarray(0, length);
    file.readInto(bytes, offset);
    for (const needle of needles) searchPiece(searched, needle, { bytes, offset, row, mark: search.mark });
    row = last;
    if (++pieces % BREATH !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (search.signal?.aborted) throw new Problem({ code: 'cancelled', message: 'A newer query has taken over.' });
  }
}

interface Needle {
  /** What all forms have in common and is searched for, and where it stands in each of them. */
  readonly anchor: Buffer;
  readonly forms: readonly { readonly bytes: Buffer; readonly anchorAt: number }[];
  readonly keys: readonly string[];
  /** What stands before a text of these members, as Python and others write it. */
  readonly openings: readonly Buffer[];
}

/** One needle where all forms have a part in common, else one for each form. */
function needlesOf({ needle, keys }: Search): Needle[] {
  const quoted = keys.map((key) => JSON.stringify(key));
  const openings = quoted.flatMap((key) => [Buffer.from(`${key}: "`), Buffer.from(`${key}:"`)]);
  const forms = escapedForms(needle).map((form) => Buffer.from(form));
  const common = anchorOf(needle);
  if (common === undefined) {
    return forms.map((anchor) => ({ anchor, forms: [{ bytes: anchor, anchorAt: 0 }], keys, openings }));
  }
  const anchor = Buffer.from(common);
  return [{ anchor, forms: forms.map((bytes) => ({ bytes, anchorAt: bytes.indexOf(anchor) })), keys, openings }];
}

interface Piece {
  readonly bytes: Buffer;
  readonly offset: number;
  /** The first row in it. */
  readonly row: number;
  readonly mark: (row: number) => void;
}

function searchPiece({ index, scanner }: Searched, needle: Needle, { bytes, offset, row: first, mark }: Piece): void {
  let row = first;
  for (let hit = bytes.indexOf(needle.anchor); hit >= 0;) {
    const form = needle.forms.find((each) => stands(bytes, hit - each.anchorAt, each.bytes));
    if (!form) {
      hit = bytes.indexOf(needle.anchor, hit + 1);
      continue;
    }
    const at = hit - form.anchorAt;
    while (index.start(row + 1) <= offset + at) row++;
    const line = { bytes, start: index.start(row) - offset, end: index.start(row + 1) - offset };
    if (isOpened(line, at, needle) || isWithin(scanner, line, needle)) mark(row);
    hit = bytes.indexOf(needle.anchor, line.end);
  }
}

function stands(bytes: Buffer, at: number, form: Buffer): boolean {
  return at >= 0 && at + form.length <= bytes.length && bytes.compare(form, 0, form.length, at, at + form.length) === 0;
}

interface Line {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** The quote before this byte opens a text of one of the members: the usual case, seen without walking the line. */
function isOpened({ bytes, start }: Line, at: number, { openings }: Needle): boolean {
  let quote = bytes.lastIndexOf(QUOTE, at - 1);
  while (quote > start && bytes[quote - 1] === BACKSLASH) quote = bytes.lastIndexOf(QUOTE, quote - 1);
  return openings.some(
    (opening) => stands(bytes, quote + 1 - opening.length, opening) && quote - opening.length >= start,
  );
}

/** Does a form stand in one of the members of this line? A line that is no object is searched whole. */
function isWithin(scanner: Scanner, { bytes, start, end }: Line, { keys, forms }: Needle): boolean {
  let found = false;
  const whole = scanner.members(bytes, start, end, (key, from, to) => {
    if (found || !keys.includes(key)) return;
    const text = bytes.subarray(from, to);
    found = forms.some((form) => text.includes(form.bytes));
  });
  return found || !whole;
}
