import { parsed } from '../../base/json';
import { sameAsRecorded, toJson, toScore, type JsonScore, type Score } from '../score';

/** A sample with the score that a reward should give it. */
export interface Expectation {
  /** Name of the reward, or one that it is registered under. */
  readonly reward: string;
  readonly score: Score;
  /** `prompt`, `completion`, `solution` …, as the reward gets them. */
  readonly columns: Readonly<Record<string, unknown>>;
  /** Rewards get lists of messages for this sample, where their framework has such. */
  readonly conversational: boolean;
  /** 1-based. */
  readonly line: number;
}

/** A line that states no expectation, with why. */
export interface NoExpectation {
  readonly line: number;
  readonly message: string;
}

/** Expectations of a JSONL text: one object a line, the score as `toJson` writes it. Empty lines are left out. */
export function readExpectations(text: string): { readonly expected: Expectation[]; readonly bad: NoExpectation[] } {
  const expected: Expectation[] = [];
  const bad: NoExpectation[] = [];
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '') return;
    const read = expectationOf(parsed(line), at + 1);
    if (typeof read === 'string') bad.push({ line: at + 1, message: read });
    else expected.push(read);
  });
  return { expected, bad };
}

/** One line of JSONL, that `readExpectations` reads again. */
export function writeExpectation({ reward, score, columns, conversational }: Omit<Expectation, 'line'>): string {
  const mode = conversational ? { conversational } : {};
  return JSON.stringify({ reward, ...columns, ...mode, score: toJson(score) });
}

/** What identifies an expectation's sample: its reward, prompt, completion and solution. */
export function sampleKey({ reward, columns }: Pick<Expectation, 'reward' | 'columns'>): string {
  return JSON.stringify([reward, columns['prompt'], columns['completion'], columns['solution']]);
}

/** A JSONL text with expectations added at its end; lines about the same samples go, all others stay as they are. */
export function withExpectations(text: string, added: readonly Omit<Expectation, 'line'>[]): string {
  const newer = new Set(added.map(sampleKey));
  const gone = new Set(
    readExpectations(text)
      .expected.filter((one) => newer.has(sampleKey(one)))
      .map(({ line }) => line),
  );
  const kept = text.split('\n').filter((line, at) => line.trim() !== '' && !gone.has(at + 1));
  return [...kept, ...added.map(writeExpectation), ''].join('\n');
}

/** Whether a score is the expected one; a number within a float32's precision. */
export function meets({ score }: Pick<Expectation, 'score'>, given: Score): boolean {
  return sameAsRecorded(given, score);
}

function expectationOf(record: unknown, line: number): Expectation | string {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return 'it is no JSON object';
  const { reward, score: stated, conversational, ...columns } = record as Readonly<Record<string, unknown>>;
  if (typeof reward !== 'string') return 'it has no "reward", the name of the reward function';
  if (!('completion' in columns)) return 'it has no "completion"';
  const score = stated === undefined ? undefined : toScore(stated);
  if (score === undefined || (score === 'unknown' && (stated as JsonScore) !== 'unknown'))
    return 'its "score" is neither a number nor one of none, nan, inf, -inf, error';
  return { reward, score, columns, conversational: conversational === true || isTurns(columns['prompt']), line };
}

function isTurns(prompt: unknown): boolean {
  return Array.isArray(prompt) && prompt.every((turn) => typeof turn === 'object' && turn !== null && 'role' in turn);
}
