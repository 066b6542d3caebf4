/** Samples as lines of JSON that `show` and `score` read: those of one reward's call, as messages where it gets such. */
export function sampleLines(
  columns: Readonly<Record<string, readonly unknown[]>>,
  rows: readonly number[],
  { conversational }: { readonly conversational: boolean },
): string {
  const told = (name: string, value: unknown): unknown => {
    if (!conversational || typeof value !== 'string') return value;
    if (name === 'prompt') return [{ role: 'user', content: value }];
    return name === 'completion' ? [{ role: 'assistant', content: value }] : value;
  };
  const record = (row: number): object =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, told(name, values[row])]));
  return rows.map((row) => `${JSON.stringify(record(row))}\n`).join('');
}
