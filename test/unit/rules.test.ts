import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameworks } from '../../src/domain/frameworks/which';
import { said, type Asked } from './check';

/** Rule, then words that break it, then words that do not. */
type Pair = readonly [rule: string, broken: string, kept: string];

interface Pairs {
  readonly start: string;
  readonly around: Asked['around'];
  /** Files that the words may name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly pairs: readonly Pair[];
}

const table = (name: string): Pairs =>
  JSON.parse(readFileSync(new URL(`./rules/${name}.json`, import.meta.url), 'utf8')) as Pairs;

describe.each(frameworks.map((framework) => [framework.id, framework] as const))('%s', (name, framework) => {
  const { start, pairs, files = {}, ...rest } = table(name);
  const around = { ...rest.around, file: (path: string) => files[path] };
  const rules = (words: string): string[] =>
    said(/swift rlhf|main_ppo/.test(words) ? words : `${start} ${words}`, { around }).map(
      (one) => one.split(' ')[0] ?? '',
    );

  it.each(pairs)('%s: %s', (rule, broken, kept) => {
    expect(rules(broken)).toContain(rule);
    expect(rules(kept)).not.toContain(rule);
  });

  it('has a pair for each of its rules', () => {
    expect(framework.rules.map(({ id }) => id).filter((id) => !pairs.some(([rule]) => rule === id))).toEqual([]);
  });

  it('cites a place for each of its rules', () => {
    for (const { source } of framework.rules) expect(source).toMatch(/^[\w/.:-]+\.py(:\d+)?$|no check/);
  });
});
