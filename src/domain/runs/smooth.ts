/**
 * An exponential moving average without the pull of its start, as TensorBoard draws it (`weight` 0 to 1, exclusive). What
 * is no number stays so and does not count.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0;
  let count = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return value;
    average = average * weight + (1 - weight) * value;
    count++;
    return average / (1 - weight ** count);
  });
}
