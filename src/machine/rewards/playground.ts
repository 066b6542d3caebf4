import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { jsonOf } from '../data/bytes';

const QUESTIONS = ['question', 'query', 'problem', 'instruction', 'input'];
const END = '.playground.jsonl';

/** Samples that were typed or pasted for `rewards.py` stand beside it in `rewards.playground.jsonl`. */
function playgroundOf(file: string): string {
  return `${file.replace(/\.py$/, '')}${END}`;
}

export function isPlayground(file: string): boolean {
  return file.endsWith(END);
}

/** Makes the file with one sample to fill in, unless it is there. */
export async function startPlayground(file: string): Promise<string> {
  const path = playgroundOf(file);
  const first = { prompt: 'What is asked', completion: 'What the model writes', solution: 'What is right' };
  const there = await readFile(path, 'utf8').catch(() => '');
  if (there.trim() === '') await writeFile(path, `${JSON.stringify(first)}\n`);
  return path;
}

/** A record of a data set as a sample for each of the completions that were pasted for it. */
export async function paste(file: string, record: RawRecord, text: string): Promise<string> {
  const path = playgroundOf(file);
  const completions = text.split(/^-{3,}$/m).map((one) => one.trim());
  const given = completions.filter((one) => one !== '');
  const there = await readFile(path, 'utf8').catch(() => '');
  const lines = given.map((completion) => jsonOf({ ...record, prompt: promptOf(record), completion }));
  await appendFile(path, `${there === '' || there.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`);
  return path;
}

/** What a record asks: its prompt, or whatever stands for one. */
export function promptOf(record: RawRecord): unknown {
  const named = QUESTIONS.map((name) => record[name]).find((value) => value !== undefined);
  return record['prompt'] ?? record['messages'] ?? named ?? '';
}

/** Every line is a record, so that the file may be read. */
export function isWhole(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every(isRecord);
}

function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'completion' in value;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
