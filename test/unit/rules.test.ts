import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameworks } from '../../src/domain/frameworks/which';
import type { Parameter } from '../../src/domain/config/parameter';
import { findings, said, type Asked } from './check';

/** Rule, then words that break it, then words that do not; and the version, where the newest has the rule no more. */
type Pair = readonly [rule: string, broken: string, kept: string, version?: string];

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
  const { start, around, files = {}, pairs } = table(name);
  const rules = (words: string, version = ''): string[] => {
    const text = /swift rlhf|main_ppo/.test(words) ? words : `${start} ${words}`;
    const asked = {
      around: { ...around, file: (path: string) => files[path] },
      ...(version === '' ? {} : { version }),
    };
    return said(text, asked).map((one) => one.split(' ')[0] ?? '');
  };

  const versioned = pairs.map(([rule, broken, kept, version = '']) => [rule, broken, kept, version] as const);
  it.each(versioned)('%s: %s', (rule, broken, kept, version) => {
    expect(rules(broken, version)).toContain(rule);
    expect(rules(kept, version)).not.toContain(rule);
  });

  it('has a pair for each of its rules', () => {
    expect(framework.rules.map(({ id }) => id).filter((id) => !pairs.some(([rule]) => rule === id))).toEqual([]);
  });

  const choosing = framework.catalogue.parameters.filter(
    ({ rule, choices, needsPlus, only }) => rule && choices && !needsPlus && only !== 'megatron',
  );
  const write = ({ path, type }: Parameter, value: unknown): string => {
    if (/^(swift|trl)$/.test(name)) return `--${path} ${String(value)}`;
    return type.kind === 'list' ? `${path}=[${String(value)}]` : `${path}=${String(value)}`;
  };

  it.each(choosing.map((one) => [one.rule ?? '', one.path, one] as const))('%s: choices of %s', (rule, _path, one) => {
    const [first] = (one.choices ?? []).filter((choice) => choice !== null && choice !== false);
    expect(rules(write(one, 'nonsense'))).toContain(rule);
    expect(rules(write(one, first))).not.toContain(rule);
  });

  it('cites a place for each of its rules', () => {
    for (const { source } of framework.rules) expect(source).toMatch(/^[\w/.:-]+\.py(:\d+)?$|no check/);
  });
});

it('where nothing near divides, nothing is offered', () => {
  const text = 'python3 -m verl.trainer.main data.rollout_batch_size=10007 worker.actor.global_batch_size=5000\n';
  const found = findings(text).find(({ rule }) => rule === 'easyr1.batch.rollout_mod_global');
  expect(found?.text).toBe(
    'data.rollout_batch_size = 10007 is not divisible by worker.actor.global_batch_size = 5000.',
  );
});
