import { wordOf } from '../../domain/rollouts/distribution';
import type { Expectation } from '../../domain/rewards/expectation';
import type { Reward } from '../../domain/rewards/reward';
import { toJson } from '../../domain/score';
import { checkExpectations, expectationsOf, type Outcome } from '../rewards/expectations';
import type { Rewards } from '../rewards/rewards';
import type { Output } from './command';
import type { Asked } from './scoreAsked';
import type { Target } from '../rewards/rewardTargets';

/** A file's rewards with its text, and what is known of what they should give. */
export interface Expected {
  readonly source: string;
  readonly rewards: readonly Reward[];
  readonly expected: readonly Expectation[];
}

/** Runs the expectations of each reward; false where one is not met, or is about no reward of the file. */
export async function scoreExpected(
  asked: Asked & Target,
  { source, rewards, expected }: Expected,
  python: Rewards,
  output: Output,
): Promise<boolean> {
  let good = true;
  for (const reward of rewards) {
    const own = expectationsOf(reward, expected);
    if (own.length === 0) continue;
    const outcomes = await checkExpectations(python, { ...asked, source, reward: reward.name }, own);
    output.print((asked.json ? json : text)(asked.name ?? reward.name, outcomes));
    good &&= outcomes.every(({ met }) => met);
  }
  if (asked.name !== undefined) return good;
  for (const name of strangers(rewards, expected)) {
    output.note(`${asked.path} defines no reward "${name}", which expectations are about.`);
    good = false;
  }
  return good;
}

function strangers(rewards: readonly Reward[], expected: readonly Expectation[]): string[] {
  const known = new Set(rewards.flatMap(({ name, registered }) => [name, ...registered]));
  return [...new Set(expected.map(({ reward }) => reward))].filter((name) => !known.has(name));
}

function text(name: string, outcomes: readonly Outcome[]): string {
  const met = outcomes.filter((outcome) => outcome.met).length;
  const failing = outcomes
    .filter((outcome) => !outcome.met)
    .map(({ expectation: { line, score, columns }, is, message }) => {
      const why = message === undefined ? '' : ` (${message})`;
      return `  line ${line}: ${wordOf(score)} → ${wordOf(is)}${why}  ${excerpt(columns['completion'])}`;
    });
  return [`${name}: ${met} of ${outcomes.length} expectations met`, ...failing].join('\n');
}

function json(name: string, outcomes: readonly Outcome[]): string {
  return JSON.stringify({
    reward: name,
    expectations: outcomes.length,
    failing: outcomes
      .filter(({ met }) => !met)
      .map(({ expectation, is, message }) => ({
        line: expectation.line,
        expected: toJson(expectation.score),
        is: toJson(is),
        ...(message === undefined ? {} : { message }),
      })),
  });
}

const MOST = 60;

/** The beginning of a completion, on one line. */
export function excerpt(completion: unknown): string {
  const whole = typeof completion === 'string' ? JSON.stringify(completion) : (JSON.stringify(completion) ?? '');
  return whole.length > MOST ? `${whole.slice(0, MOST - 1)}…` : whole;
}
