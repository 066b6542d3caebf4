/** Letters to change, add, drop or swap to get from one text to the other; stops counting above `limit`. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
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

/**
 * The names most like `typed`, best first, at most three: few letters apart, the same parts in another order, the same
 * last part of a dotted path, or `typed` as a whole part of a longer name.
 */
export function nearest(typed: string, names: Iterable<string>): string[] {
  const limit = Math.max(1, Math.min(4, Math.floor(typed.length / 4)));
  const sorted = parts(typed);
  const scored: { readonly name: string; readonly score: number }[] = [];
  for (const name of names) {
    const letters = distance(typed.toLowerCase(), name.toLowerCase(), limit);
    if (letters <= limit) scored.push({ name, score: letters });
    else if (parts(name) === sorted) scored.push({ name, score: limit + 0.5 });
    else if (typed.includes('.') && leaf(name) === leaf(typed)) {
      scored.push({ name, score: limit + 1 + distance(typed, name, 40) / 20 });
    }
  }
  scored.sort((a, b) => a.score - b.score || a.name.length - b.name.length);
  return scored.slice(0, 3).map(({ name }) => name);
}
