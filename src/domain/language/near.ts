/** Letters to change, add, drop or swap to get from one text to the other; stops counting above `limit`. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let start = 0;
  let [endLeft, endRight] = [left.length, right.length];
  while (start < endLeft && start < endRight && left.charCodeAt(start) === right.charCodeAt(start)) start++;
  while (endLeft > start && endRight > start && left.charCodeAt(endLeft - 1) === right.charCodeAt(endRight - 1)) {
    endLeft--;
    endRight--;
  }
  return between(left.slice(start, endLeft), right.slice(start, endRight), limit);
}

/** The same for texts that neither begin nor end alike. */
function between(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left.charAt(i - 1) === right.charAt(j - 1);
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = left.charAt(i - 1) === right.charAt(j - 2) && left.charAt(i - 2) === right.charAt(j - 1);
      if (i > 1 && j > 1 && swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return row[right.length] ?? limit + 1;
}

const parts = (name: string): string => name.toLowerCase().split(/[._-]/).sort().join('.');
const leaf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

interface Known {
  readonly name: string;
  readonly lower: string;
  readonly parts: string;
  readonly leaf: string;
}

/** Lists of names made ready once, with what was asked of them before. */
const ready = new WeakMap<
  readonly string[],
  { readonly names: readonly Known[]; readonly asked: Map<string, string[]> }
>();
const MOST_ASKED = 500;

function readied(names: readonly string[]): {
  readonly names: readonly Known[];
  readonly asked: Map<string, string[]>;
} {
  const known = ready.get(names);
  if (known) return known;
  const made = names.map((name) => ({ name, lower: name.toLowerCase(), parts: parts(name), leaf: leaf(name) }));
  const fresh = { names: made, asked: new Map<string, string[]>() };
  ready.set(names, fresh);
  return fresh;
}

/**
 * The names most like `typed`, best first, at most three: few letters apart, the same parts in another order, or the
 * same last part of a dotted path.
 */
export function nearest(typed: string, names: readonly string[]): string[] {
  const { names: all, asked } = readied(names);
  const before = asked.get(typed);
  if (before) return before;
  if (asked.size >= MOST_ASKED) asked.clear();
  const found = search(typed, all);
  asked.set(typed, found);
  return found;
}

function search(typed: string, names: readonly Known[]): string[] {
  const limit = Math.max(1, Math.min(4, Math.floor(typed.length / 4)));
  const [lower, sorted, last] = [typed.toLowerCase(), parts(typed), typed.includes('.') ? leaf(typed) : undefined];
  const scored: { readonly name: string; readonly score: number }[] = [];
  for (const one of names) {
    const letters = distance(lower, one.lower, limit);
    if (letters <= limit) scored.push({ name: one.name, score: letters });
    else if (one.parts === sorted) scored.push({ name: one.name, score: limit + 0.5 });
    else if (one.leaf === last) scored.push({ name: one.name, score: limit + 1 + distance(typed, one.name, 40) / 20 });
  }
  scored.sort((a, b) => a.score - b.score || a.name.length - b.name.length);
  return scored.slice(0, 3).map(({ name }) => name);
}

/**
 * Is it hardly a name of its own: one part of its path is one letter off, two in a long one? A letter less or more at the
 * end may be meant.
 */
export function isSlip(typed: string, name: string): boolean {
  const [left, right] = [typed.toLowerCase().split('.'), name.toLowerCase().split('.')];
  const differ = left.flatMap((part, at) => (part === right[at] ? [] : [[part, right[at] ?? ''] as const]));
  const [pair] = differ;
  if (left.length !== right.length || differ.length !== 1 || !pair) return false;
  const [part, known] = pair;
  if (part.length < 5 || part.startsWith(known) || known.startsWith(part)) return false;
  const limit = part.length < 10 ? 1 : 2;
  return distance(part, known, limit) <= limit;
}
