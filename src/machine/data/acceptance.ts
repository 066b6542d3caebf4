import { promptText, type DataRecord } from '../../domain/dataset/dataset';
import type { DataFinding } from '../../domain/dataset/checking';
import { idealAnswers } from '../../domain/dataset/ideal';
import { formOf } from '../../domain/frameworks/datasets';
import type { Rewards } from '../rewards/rewards';
import { type Samples } from '../rewards/rewards';
import { sourceOf } from '../rewards/versions';
import { readRecords, type Numbered } from './records';

/** Rewards of one file, by their names, and what the training's configuration gives them. */
export interface Judge {
  readonly path: string;
  /** Undefined: all of the file. */
  readonly names?: readonly string[];
  readonly keywords?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface AcceptanceOptions {
  readonly rewards: Rewards;
  readonly judges: readonly Judge[];
  /** What the training puts around every question: it may say how answers shall look. */
  readonly wrapper?: string;
}

/** Records whose answers are tried; a reward costs, and a fault of a set seldom shows only later. */
const MOST = 5000;
const TOGETHER = 64;

/**
 * Answers that a reward would never accept: each solution, written as its prompt asks for it, must get the score that
 * the best of them gets. Errors: those of reading the set and of loading the rewards.
 */
export async function acceptance(file: string, options: AcceptanceOptions): Promise<readonly DataFinding[]> {
  const tried = await recordsOf(file, options.wrapper ?? '');
  const findings: DataFinding[] = [];
  if (tried.length === 0) return findings;
  const samples = samplesOf(file, tried);
  for (const judge of options.judges) {
    const source = await sourceOf(judge.path);
    const names = judge.names ?? (await options.rewards.find(source, judge.path)).rewards.map(({ name }) => name);
    for (const reward of names) {
      const { path, keywords, settings } = judge;
      const job = { source, path, reward, samples, timeout: 60, ...given({ keywords, settings }) };
      findings.push(...rejected(reward, tried, await options.rewards.score(job)));
    }
  }
  return findings.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
}

type Tried = Pick<Numbered, 'row' | 'line'> & { readonly read: DataRecord; readonly answers: readonly string[] };
type Scored = Awaited<ReturnType<Rewards['score']>>;

async function recordsOf(file: string, wrapper: string): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for await (const { row, line, record } of readRecords(file)) {
    const read = record && formOf(record)?.read(record);
    if (read === undefined || typeof read === 'string' || read.solution === undefined) continue;
    const answers = idealAnswers(read.solution, `${wrapper}\n${promptText(read)}`);
    tried.push({ row, read, answers, ...(line === undefined ? {} : { line }) });
    if (tried.length === MOST) break;
  }
  return tried;
}

/** Of a record's ideal answers the best counts; of all records' best, the best is what each should get. */
function rejected(reward: string, tried: readonly Tried[], { scores, errors }: Scored): readonly DataFinding[] {
  let from = 0;
  const bests = tried.map(({ answers }) => {
    const own = scores.slice(from, from + answers.length);
    const at = from;
    from += answers.length;
    const numbers = own.filter((score) => typeof score === 'number');
    return { at, best: numbers.length > 0 ? Math.max(...numbers) : (own[0] ?? 'unknown') };
  });
  const top = bests.reduce((most, { best }) => (typeof best === 'number' && best > most ? best : most), 0);
  const wanted = top === 0 ? 'more than 0' : String(top);
  return bests.flatMap(({ at, best }, index) => {
    if (typeof best === 'number' && best >= top && best > 0) return [];
    const why = errors.find(({ samples }) => samples.includes(at))?.message;
    const because = why === undefined ? '' : ` (${why})`;
    const text = `${reward} gives its own solution ${String(best)}${because}, not ${wanted}.`;
    const { row, line } = tried[index] ?? { row: 0 };
    return [{ rule: 'rejected', weight: 'warning', text, row, ...(line === undefined ? {} : { line }) } as const];
  });
}

/** One row for each ideal answer, those of a record behind each other. */
function samplesOf(file: string, tried: readonly Tried[]): Samples {
  const rows = tried.flatMap(({ read, answers }) => answers.map((answer) => ({ read, answer })));
  const names = [...new Set(tried.flatMap(({ read }) => Object.keys(read.columns)))];
  const others = names.map((name) => [name, rows.map(({ read }) => read.columns[name] ?? null)] as const);
  const columns = {
    ...Object.fromEntries(others),
    prompt: rows.map(({ read }) => promptText(read)),
    completion: rows.map(({ answer }) => answer),
    solution: rows.map(({ read }) => read.solution),
  };
  const starts = Array.from({ length: Math.ceil(rows.length / TOGETHER) }, (_, at) => at * TOGETHER);
  const batches = starts.map((from) => [from, Math.min(from + TOGETHER, rows.length)] as const);
  return { id: `acceptance of ${file}`, columns, batches };
}

function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
