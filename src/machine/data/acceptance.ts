import { promptText, type DataRecord } from '../../domain/dataset';
import type { DataFinding } from '../../domain/dataset/checking';
import { formOf } from '../../domain/frameworks/datasets';
import { Rewards, type Samples } from '../rewards';
import { sourceText } from './preview';
import { readRecords, type Numbered } from './records';

export interface AcceptanceOptions {
  readonly rewardFile: string;
  readonly reward: string;
  readonly python: string;
  /** The extension's own folder `python`. */
  readonly home: string;
}

/** Records whose answers are tried; a reward costs, and a fault of a set seldom shows only later. */
const MOST = 5000;
const TOGETHER = 64;

/**
 * Answers that the reward would never accept: each solution, written as the ideal answer, must get the score that the
 * best of them gets. Errors: those of reading the set and of loading the reward.
 */
export async function acceptance(file: string, options: AcceptanceOptions): Promise<readonly DataFinding[]> {
  const tried = await recordsOf(file);
  if (tried.length === 0) return [];
  const rewards = new Rewards({ python: options.python, home: options.home });
  try {
    const { rewardFile, reward } = options;
    const source = await sourceText(rewardFile);
    const scored = await rewards.score({
      source,
      path: rewardFile,
      reward,
      samples: samplesOf(file, tried),
      timeout: 60,
    });
    const numbers = scored.scores.filter((score) => typeof score === 'number');
    const best = Math.max(...numbers, Number.MIN_VALUE);
    return tried.flatMap(({ row, line }, at) => {
      const score = scored.scores[at] ?? 'unknown';
      if (typeof score === 'number' && score >= best) return [];
      const why = scored.errors.find(({ samples }) => samples.includes(at))?.message;
      const text = `${reward} gives its own solution ${String(score)}${why === undefined ? '' : ` (${why})`}, not ${best === Number.MIN_VALUE ? 'more than 0' : best}.`;
      return [{ rule: 'rejected', weight: 'warning', text, row, ...(line === undefined ? {} : { line }) } as const];
    });
  } finally {
    rewards.dispose();
  }
}

type Tried = Pick<Numbered, 'row' | 'line'> & { readonly read: DataRecord };

async function recordsOf(file: string): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for await (const { row, line, record } of readRecords(file)) {
    const read = record && formOf(record)?.read(record);
    if (read === undefined || typeof read === 'string' || read.solution === undefined) continue;
    tried.push({ row, read, ...(line === undefined ? {} : { line }) });
    if (tried.length === MOST) break;
  }
  return tried;
}

function samplesOf(file: string, tried: readonly Tried[]): Samples {
  const names = [...new Set(tried.flatMap(({ read }) => Object.keys(read.columns)))];
  const others = names.map((name) => [name, tried.map(({ read }) => read.columns[name] ?? null)] as const);
  const columns = {
    ...Object.fromEntries(others),
    prompt: tried.map(({ read }) => promptText(read)),
    completion: tried.map(({ read }) => ideal(read.solution)),
    solution: tried.map(({ read }) => read.solution),
  };
  const starts = Array.from({ length: Math.ceil(tried.length / TOGETHER) }, (_, at) => at * TOGETHER);
  const batches = starts.map((from) => [from, Math.min(from + TOGETHER, tried.length)] as const);
  return { id: `acceptance of ${file}`, columns, batches };
}

/** The answer that a prompt with reasoning asks for. */
function ideal(solution: unknown): string {
  const text = typeof solution === 'string' ? solution : JSON.stringify(solution);
  const answer = text.includes('<answer>') ? text : `<answer>${text}</answer>`;
  return text.includes('<think>') ? answer : `<think>The answer is known.</think>${answer}`;
}
