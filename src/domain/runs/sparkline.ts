const BARS = '▁▂▃▄▅▆▇█';

/** A curve as one line of text, at most `width` characters: each the mean of its stretch, between least and most. */
export function sparkline(values: readonly number[], width = 30): string {
  const finite = values.filter(Number.isFinite);
  const count = Math.min(width, finite.length);
  const means = Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * finite.length) / count);
    const stretch = finite.slice(from, Math.max(from + 1, Math.floor(((at + 1) * finite.length) / count)));
    return stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
  });
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const place = (value: number): number => (most > least ? Math.round(((value - least) / (most - least)) * 7) : 3);
  return means.map((value) => BARS.charAt(place(value))).join('');
}
