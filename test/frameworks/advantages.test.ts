import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { AdvantageVariant, RewardBatch } from '../../src/domain/rollouts/advantage';
import { easyr1Advantages } from '../../src/domain/frameworks/easyr1/advantages';
import { swiftAdvantages } from '../../src/domain/frameworks/swift/advantages';
import { trlAdvantages } from '../../src/domain/frameworks/trl/advantages';
import { verlAdvantages } from '../../src/domain/frameworks/verl/advantages';

const GROUPS = 10_000;
const PER_BATCH = 100;
const script = new URL('advantages.py', import.meta.url).pathname;
const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';

/** Numbers between 0 and 1 that are the same in every run (Mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Batches of groups of one size: pass or fail, a few levels, or anything; every tenth group without spread. */
function batches(missing: boolean): RewardBatch[] {
  const random = seeded(missing ? 7 : 11);
  const one = (kind: number): number => {
    if (missing && random() < 0.05) return NaN;
    if (kind === 0) return random() < 0.5 ? 0 : 1;
    return kind === 1 ? Math.floor(random() * 5) / 4 : random() * 4 - 2;
  };
  return Array.from({ length: GROUPS / PER_BATCH }, () => {
    const size = 2 + Math.floor(random() * 15);
    const components = 1 + Math.floor(random() * 3);
    const group = (): number[][] => {
      const still = random() < 0.1;
      const first = Array.from({ length: components }, (_, kind) => one(kind));
      return Array.from({ length: size }, () =>
        still ? first : Array.from({ length: components }, (_, kind) => one(kind)),
      );
    };
    const weights = Array.from({ length: components }, () => Math.round(random() * 20) / 10);
    return { groups: Array.from({ length: PER_BATCH }, group), weights };
  });
}

/** NaN has no place in JSON; null stands for it both ways. */
async function asked(
  framework: string,
  variant: string,
  given: readonly RewardBatch[],
): Promise<(number | null)[][][]> {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ framework, variant, batches: given }));
  const told = await text(child.stdout);
  return JSON.parse(told.replace(/\bNaN\b/g, 'null')) as (number | null)[][][];
}

function worst(ours: readonly number[][][], theirs: (number | null)[][][]): number {
  let most = 0;
  ours.forEach((groups, b) =>
    groups.forEach((group, g) =>
      group.forEach((value, i) => {
        const other = theirs[b]?.[g]?.[i];
        const same = other === null && Number.isNaN(value);
        const difference = same ? 0 : Math.abs(value - (other ?? NaN));
        most = Number.isNaN(difference) ? Infinity : Math.max(most, difference);
      }),
    ),
  );
  return most;
}

/** EasyR1 is on no package index: its own code is asked where `GRPO_LENS_EASYR1` names a checkout. */
const checkout = process.env['GRPO_LENS_EASYR1'];
const frameworks: [string, readonly AdvantageVariant[], boolean][] = [
  ['trl', trlAdvantages, true],
  ['swift', swiftAdvantages, true],
  ['verl', verlAdvantages, false],
  ...(checkout === undefined
    ? []
    : [['easyr1', easyr1Advantages, false] as [string, readonly AdvantageVariant[], boolean]]),
];

it.skipIf(checkout !== undefined)('says that EasyR1 was not asked', () => {
  console.warn('! EasyR1 is not asked for its advantages: set GRPO_LENS_EASYR1 to the folder of a checkout.');
  expect(easyr1Advantages.map(({ id }) => id)).toEqual(['grpo', 'grpo_passk', 'rloo']);
});

describe.each(frameworks)('advantages of %s', (name, variants, missing) => {
  const given = batches(missing);
  it.each(variants.map((variant) => [variant.id, variant] as const))(
    '%s equal its own on 10,000 groups within 1e-6',
    async (id, variant) => {
      expect(given.reduce((sum, { groups }) => sum + groups.length, 0)).toBe(GROUPS);
      expect(worst(given.map(variant.of), await asked(name, id, given))).toBeLessThan(1e-6);
    },
  );
});
