/** What a stretch of a text is marked for; `tag`: it is a tag, `match`: a reward's pattern matches it. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: 'tag' | 'match';
  /** Where the pattern stands. */
  readonly from?: string;
}

/** A stretch of a text with all that it is marked for. */
export interface Marked {
  readonly text: string;
  readonly tag: boolean;
  /** Places of the patterns that match here. */
  readonly matches: readonly string[];
}

const TAG = /<\/?[a-z][\w-]{0,40}>/gi;
/** Longer texts are not searched for patterns, whose time nobody can bound, and no more marks are made than these. */
const [LONGEST, MOST] = [20_000, 400];

interface Looked {
  readonly source: string;
  readonly flags: string;
  readonly from: string;
}

/** Tags of a text and the matches of patterns in it. */
export function marksOf(text: string, patterns: readonly Looked[]): Mark[] {
  const tags = [...text.matchAll(TAG)].map(({ 0: found, index }): Mark => ({
    start: index,
    end: index + found.length,
    kind: 'tag',
  }));
  const matches = text.length > LONGEST ? [] : patterns.flatMap((pattern) => matchesOf(text, pattern));
  return [...tags, ...matches].slice(0, MOST);
}

function matchesOf(text: string, { source, flags, from }: Looked): Mark[] {
  const found = [...text.matchAll(new RegExp(source, `g${flags}`))].filter(([match]) => match !== '');
  return found.map(({ 0: match, index }) => ({ start: index, end: index + match.length, kind: 'match', from }));
}

/** The text cut wherever a mark begins or ends; joined it is the text again. */
export function cutAtMarks(text: string, marks: readonly Mark[]): Marked[] {
  const places = [...new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return places.slice(0, -1).map((start, at) => {
    const end = places[at + 1] ?? text.length;
    const here = marks.filter((mark) => mark.start <= start && end <= mark.end);
    const matches = [...new Set(here.flatMap(({ from }) => from ?? []))];
    return { text: text.slice(start, end), tag: here.some(({ kind }) => kind === 'tag'), matches };
  });
}
