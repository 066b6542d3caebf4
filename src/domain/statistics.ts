/** Sum of the numbers, NaN left out; 0 where there are none, as `torch.nansum` has it. */
export function nanSum(values: readonly number[]): number {
  return values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0);
}

/** Mean of the numbers, NaN left out; NaN where there are none. */
export function nanMean(values: readonly number[]): number {
  return nanSum(values) / values.filter((value) => !Number.isNaN(value)).length;
}

/** Standard deviation (ddof 1) of the numbers, NaN left out; NaN for fewer than two. */
export function nanStd(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length < 2) return NaN;
  const centre = nanMean(known);
  const squares = known.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (known.length - 1));
}

/** Pearson's correlation of the pairs without NaN; NaN where one side does not vary. Both lists of one length. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const isKnown = (_: number, index: number): boolean => !Number.isNaN(a[index]) && !Number.isNaN(b[index]);
  const knownB = b.filter(isKnown);
  const centreA = nanMean(a.filter(isKnown));
  const centreB = nanMean(knownB);
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.filter(isKnown).forEach((value, index) => {
    const x = value - centreA;
    const y = (knownB[index] ?? NaN) - centreB;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  });
  return squaresA > 0 && squaresB > 0 ? both / Math.sqrt(squaresA * squaresB) : NaN;
}
