/** A stretch of words that two texts share, or that only one of them has. */
export interface Piece {
  readonly text: string;
  readonly in: 'both' | 'left' | 'right';
}

/** Most word pairs that are compared; longer middles are shown as wholly different. */
const MOST_PAIRS = 4_000_000;

/** What the two texts share and where they differ, word by word (longest common subsequence). */
export function wordDiff(left: string, right: string): Piece[] {
  const [a, b] = [words(left), words(right)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = differ(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const whole: Piece[] = [
    { text: a.slice(0, start).join(''), in: 'both' },
    ...middle,
    { text: a.slice(a.length - end).join(''), in: 'both' },
  ];
  return joined(whole);
}

/** Words with the blanks behind them, and each sign by itself: nothing is lost. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+\s*|\s+|[^\p{L}\p{N}_\s]\s*/gu) ?? [];
}

function differ(a: readonly string[], b: readonly string[]): Piece[] {
  if (a.length * b.length > MOST_PAIRS) {
    return [
      { text: a.join(''), in: 'left' },
      { text: b.join(''), in: 'right' },
    ];
  }
  const width = b.length + 1;
  const longest = commonLengths(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ text: a[i++] ?? '', in: 'both' });
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    ) {
      pieces.push({ text: a[i++] ?? '', in: 'left' });
    } else pieces.push({ text: b[j++] ?? '', in: 'right' });
  }
  return pieces;
}

/** `[i * (b.length + 1) + j]`: words that `a` from i and `b` from j have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [right, down] = [longest[i * width + j + 1] ?? 0, longest[(i + 1) * width + j] ?? 0];
      longest[i * width + j] = a[i] === b[j] ? 1 + (longest[(i + 1) * width + j + 1] ?? 0) : Math.max(right, down);
    }
  }
  return longest;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece.text === '') continue;
    if (last?.in === piece.in) result[result.length - 1] = { text: last.text + piece.text, in: piece.in };
    else result.push(piece);
  }
  return result;
}
