/** The query with these ranges, in the place of what it said of the same columns before. */
export function brushed(query: string, ranges: Readonly<Record<string, readonly [number, number]>>): string {
  const names = new Set(Object.keys(ranges));
  const kept = query.split(/\s+/).filter((term) => {
    const name = /^([^\s<>=!~:"]+)(<=|>=|<|>)/.exec(term)?.[1];
    return term !== '' && !(name !== undefined && names.has(name));
  });
  const sorts = kept.filter((term) => term.startsWith('sort:'));
  const terms = Object.entries(ranges).flatMap(([name, [from, to]]) => [
    `${name}>=${short(from)}`,
    `${name}<=${short(to)}`,
  ]);
  return [...kept.filter((term) => !term.startsWith('sort:')), ...terms, ...sorts].join(' ');
}

/** Four digits are what a hand at a mouse can mean. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
