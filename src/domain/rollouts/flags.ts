/** Keys by which records say that a completion reached its length limit, with the value that says so. */
const TRUNCATED: readonly (readonly [key: string, value: unknown])[] = [
  ['finish_reason', 'length'],
  ['is_truncated', true],
  ['truncated', true],
  ['stop_reason', 'length'],
];

/** The record itself says that the completion was cut at its length limit; undefined where it says nothing. */
export function saysTruncated(record: Readonly<Record<string, unknown>>): boolean | undefined {
  const told = TRUNCATED.filter(([key]) => record[key] !== undefined && record[key] !== null);
  return told.length === 0 ? undefined : told.some(([key, value]) => record[key] === value);
}

const TAGS = ['think', 'answer', 'tool_call'];

/** A tag of the usual forms that was opened and never closed. */
export function isUnclosed(text: string): boolean {
  return TAGS.some((tag) => text.lastIndexOf(`<${tag}>`) > text.lastIndexOf(`</${tag}>`));
}

/** Characters at a text's end in which repetition is looked for, and the shortest stretch that counts. */
const [TAIL, SHORTEST] = [2000, 20];

/** The same stretch stands three times in a row or more at the text's end. */
export function isRepeated(text: string): boolean {
  const end = text.slice(-TAIL);
  const last = end.length - 1;
  for (let size = SHORTEST; size * 3 <= end.length; size++) {
    if (end.charCodeAt(last) !== end.charCodeAt(last - size)) continue;
    if (end.charCodeAt(last - 7) !== end.charCodeAt(last - 7 - 2 * size)) continue;
    if (end.slice(-2 * size) === end.slice(-3 * size, -size)) return true;
  }
  return false;
}
