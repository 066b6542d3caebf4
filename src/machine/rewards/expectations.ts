import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import {
  meets,
  readExpectations,
  withExpectations,
  type Expectation,
  type NoExpectation,
} from '../../domain/rewards/expectation';
import type { Reward } from '../../domain/rewards/reward';
import type { Score } from '../../domain/score';
import { unread } from '../unread';
import type { Rewards, Samples, ScoreJob } from './rewards';

/** Beside `rewards.py` stands `rewards.expect.jsonl`. */
export function expectationsBeside(file: string): string {
  return `${file.replace(/\.py$/, '')}.expect.jsonl`;
}

/** A file's expectations and its bad lines. Errors: `missing`. */
export async function loadExpectations(file: string): Promise<{
  readonly expected: readonly Expectation[];
  readonly bad: readonly NoExpectation[];
}> {
  return readExpectations(await readFile(file, 'utf8').catch((error: unknown) => unread(error, file)));
}

/** Adds expectations to a file, which need not be there yet; older ones about the same samples go. */
export async function addExpectations(file: string, added: readonly Omit<Expectation, 'line'>[]): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  await writeFile(file, withExpectations(text, added));
}

const LONGEST = 20_000;

/** A sample as an expectation holds it: the columns that JSON keeps, without very long ones. */
export function expectationOf(
  reward: string,
  score: Score,
  { columns, conversational = false }: Samples,
  sample: number,
): Omit<Expectation, 'line'> {
  const own = Object.entries(columns).map(([name, values]) => [name, values[sample]] as const);
  const kept = own.filter(([name, value]) => name === 'prompt' || name === 'completion' || isShort(value));
  return { reward, score, columns: Object.fromEntries(kept), conversational };
}

function isShort(value: unknown): boolean {
  if (value instanceof Uint8Array || typeof value === 'bigint') return false;
  return value !== undefined && JSON.stringify(value).length <= LONGEST;
}

/** What one expectation came to. */
export interface Outcome {
  readonly expectation: Expectation;
  readonly is: Score;
  readonly met: boolean;
  /** Of the exception, where there is one. */
  readonly message?: string;
}

/** Expectations that are about a reward, by any of its names. */
export function expectationsOf(reward: Reward, expected: readonly Expectation[]): Expectation[] {
  return expected.filter(({ reward: name }) => name === reward.name || reward.registered.includes(name));
}

/** Scores every expectation's sample in a call of its own. Errors: as `Rewards.score`. */
export async function checkExpectations(
  rewards: Rewards,
  job: Omit<ScoreJob, 'samples'>,
  expected: readonly Expectation[],
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const alike of ofOneForm(expected)) {
    const scored = await rewards.score({ ...job, samples: samplesOf(alike) }, signal);
    alike.forEach((expectation, at) => {
      const is = scored.scores[at] ?? 'unknown';
      const error = scored.errors.find(({ samples }) => samples.includes(at));
      const message = scored.withheld ?? (error && `${error.type}: ${error.message}`);
      const met = meets(expectation, is);
      outcomes.push({ expectation, is, met, ...(message === undefined ? {} : { message }) });
    });
  }
  return outcomes.sort((a, b) => a.expectation.line - b.expectation.line);
}

/** Expectations with the same columns, which can be sent together. */
function ofOneForm(expected: readonly Expectation[]): Expectation[][] {
  const forms = new Map<string, Expectation[]>();
  for (const one of expected) {
    const form = JSON.stringify([one.conversational, Object.keys(one.columns).sort()]);
    const alike = forms.get(form);
    if (alike) alike.push(one);
    else forms.set(form, [one]);
  }
  return [...forms.values()];
}

/** Samples of expectations with the same columns, each a batch of its own. */
export function samplesOf(alike: readonly Expectation[]): Samples {
  const names = Object.keys(alike[0]?.columns ?? {});
  const columns = Object.fromEntries(names.map((name) => [name, alike.map((one) => one.columns[name])]));
  const conversational = alike[0]?.conversational ?? false;
  const id = createHash('sha256')
    .update(JSON.stringify([columns, conversational]))
    .digest('hex');
  return { id, columns, batches: alike.map((_, at) => [at, at + 1]), conversational };
}
