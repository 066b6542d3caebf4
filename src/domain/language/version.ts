interface Version {
  readonly numbers: readonly number[];
  /** Below 0 for what comes before a release: dev, a, b, rc. */
  readonly stage: number;
}

function parse(text: string): Version {
  const [, release = '0', rest = ''] = /^v?([\d.]+)(.*)$/.exec(text.trim()) ?? [];
  const stage = /post/.test(rest) ? 1 : /dev|rc|a|b/.test(rest) ? -1 : 0;
  return { numbers: release.split('.').filter(Boolean).map(Number), stage };
}

/** Orders versions as Python's packaging does for releases, development and post releases: below, at or above 0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parse(left), parse(right)];
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at++) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.stage - b.stage;
}
