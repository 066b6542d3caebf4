import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Batch } from '../domain/grouping';
import { Problem } from '../domain/problem';
import type { ScoreError, Scored } from '../domain/reward';
import { toScore, type JsonScore, type Score } from '../domain/score';
import type { FoundRewards, Runner, ScoredAnswer } from '../wire/runner';
import { isDeath, RunnerProcess, type Death, type RunnerOptions } from './runner';

/** Rows that rewards are run on: sent to Python once per `id`. */
export interface Samples {
  readonly id: string;
  /** `prompt`, `completion`, and the data set's columns by their own names; all of one length. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  /** Rows [from, to) that the trainer passed together. */
  readonly batches: readonly Batch[];
  /** Rewards get lists of messages where their framework has such; `prompt` may still be plain text. */
  readonly conversational?: boolean;
}

export interface ScoreJob {
  readonly source: string;
  readonly path: string;
  readonly reward: string;
  readonly samples: Samples;
  /** Seconds for one call. */
  readonly timeout: number;
  /** Give numbers also where a missing verifier makes them differ from training's. */
  readonly approximate?: boolean;
  /** Told while it runs: scores from row `from` on. */
  readonly onPart?: (from: number, scores: readonly Score[]) => void;
}

/** A cancelled run may take this long to notice before Python is killed under it. */
const PATIENCE_MS = 100;
const MOST_DEATHS = 3;

/**
 * Runs rewards in the user's interpreter, one request at a time. A newer request for the same reward of the same file
 * replaces the older one, which ends with the Problem `cancelled`. A dead Python is replaced; the rows that it died at
 * get the score `error`, all others are still scored.
 */
export class Rewards implements Disposable {
  readonly #printed = new Emitter<{ readonly text: string; readonly dropped: number }>();
  readonly #newest = new Map<string, AbortController>();
  #python: { readonly process: RunnerProcess; readonly sent: Set<string> } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #runs = 0;
  #disposed = false;

  /** What the user's code printed: its beginning, and how many characters were dropped. */
  readonly onPrinted = this.#printed.event;

  constructor(private readonly options: RunnerOptions) {}

  /** The rewards of a text, without importing it. Errors: `no-python`. */
  async find(source: string, path: string): Promise<FoundRewards> {
    return this.#turn(async () => {
      const answer = await (await this.#ready()).process.ask('find', { source, path });
      if (isDeath(answer)) throw new Problem({ code: 'closed', message: `Python ended while it read ${path}.` });
      return answer;
    });
  }

  /** Scores in the order of the samples. Errors: `no-python`, `import-failed`, `missing`, `cancelled`. */
  async score(job: ScoreJob, signal?: AbortSignal): Promise<Scored> {
    const key = `${job.path}\n${job.reward}`;
    const mine = new AbortController();
    this.#newest.get(key)?.abort();
    this.#newest.set(key, mine);
    const stop = (): void => mine.abort();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    try {
      return await this.#turn(() => this.#score(job, mine.signal));
    } finally {
      signal?.removeEventListener('abort', stop);
      if (this.#newest.get(key) === mine) this.#newest.delete(key);
    }
  }

  /** Ends Python and all that the user's code started; the next request starts it anew. */
  restart(): void {
    this.#python?.process.dispose();
    this.#python = undefined;
  }

  dispose(): void {
    this.#disposed = true;
    for (const open of this.#newest.values()) open.abort();
    this.restart();
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #ready(): Promise<{ readonly process: RunnerProcess; readonly sent: Set<string> }> {
    if (this.#disposed) throw new Problem({ code: 'closed', message: 'GRPO Lens is shutting down.' });
    if (!this.#python?.process.alive) {
      const process = new RunnerProcess(this.options);
      process.onPrinted((printed) => this.#printed.fire(printed));
      this.#python = { process, sent: new Set() };
    }
    await this.#python.process.ready();
    return this.#python;
  }

  async #score(job: ScoreJob, signal: AbortSignal): Promise<Scored> {
    const gathered = new Gathered(job);
    for (let deaths = 0; gathered.left.length > 0; deaths++) {
      if (deaths === MOST_DEATHS) return gathered.givenUp(deaths);
      const answer = await this.#once(job, gathered, signal);
      if (!isDeath(answer)) return gathered.with(answer);
      gathered.died(answer);
    }
    return gathered.scored;
  }

  async #once(job: ScoreJob, gathered: Gathered, signal: AbortSignal): Promise<ScoredAnswer | Death> {
    throwIfAborted(signal);
    const { process, sent } = await this.#ready();
    const run = ++this.#runs;
    const following = process.onPart((part) => part.run === run && gathered.part(part.from, part.scores));
    try {
      await this.#send(job.samples, process, sent);
      return await process.ask('score', { ...request(job), batches: gathered.left, run }, signal);
    } catch (error) {
      if (signal.aborted) await this.#quiet(process);
      throw error;
    } finally {
      following.dispose();
    }
  }

  async #send(samples: Samples, process: RunnerProcess, sent: Set<string>): Promise<void> {
    if (sent.has(samples.id)) return;
    const { id, columns, conversational = false } = samples;
    await process.ask('data', { id, columns, conversational });
    sent.add(samples.id);
    if (sent.size > 4) sent.delete([...sent][0] ?? '');
  }

  /** Waits until Python has noticed the cancellation; kills it if it does not. */
  async #quiet(process: RunnerProcess): Promise<void> {
    const timer = setTimeout(() => process.dispose(), PATIENCE_MS);
    try {
      await process.ask('idle', {});
    } finally {
      clearTimeout(timer);
    }
  }
}

function request(job: ScoreJob): Omit<Runner['asks']['score']['args'], 'batches'> {
  const { source, path, reward, timeout } = job;
  return { source, path, reward, timeout, data: job.samples.id, approximate: job.approximate ?? false };
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
}

/** What is known so far of one request, over as many processes as it took. */
class Gathered {
  readonly #scores: Score[];
  readonly #errors: ScoreError[] = [];
  left: readonly Batch[];

  constructor(private readonly job: ScoreJob) {
    const size = Object.values(job.samples.columns)[0]?.length ?? 0;
    this.#scores = new Array<Score>(size).fill('unknown');
    this.left = job.samples.batches;
  }

  get scored(): Scored {
    return { reward: this.job.reward, scores: this.#scores, components: {}, errors: this.#errors, stubbed: [] };
  }

  part(from: number, scores: readonly JsonScore[]): void {
    const part = scores.map(toScore);
    part.forEach((score, at) => (this.#scores[from + at] = score));
    this.job.onPart?.(from, part);
  }

  with(answer: ScoredAnswer): Scored {
    answer.scores.map(toScore).forEach((score, row) => {
      if (score !== 'unknown') this.#scores[row] = score;
    });
    const components = Object.fromEntries(
      Object.entries(answer.components).map(([name, column]) => [name, column.map(toScore)]),
    );
    const { reward, stubbed, withheld } = answer;
    const errors = [...this.#errors, ...answer.errors.map(errorOf)];
    return { reward, scores: this.#scores, components, errors, stubbed, ...(withheld ? { withheld } : {}) };
  }

  /** Blames the batch at which Python died; the batches whose scores did not arrive are run again. */
  died(death: Death): void {
    const batch = death.batch === undefined ? undefined : this.left[death.batch];
    if (batch === undefined) {
      throw new Problem({ code: 'import-failed', message: `Loading ${this.job.path}: ${death.died}.` });
    }
    const rows = range(batch);
    for (const row of rows) this.#scores[row] = 'error';
    this.#errors.push({
      type: 'Died',
      message: death.died,
      samples: rows,
      ...(death.line ? { line: death.line } : {}),
    });
    this.left = this.left.filter(
      (other) => other !== batch && range(other).some((row) => this.#scores[row] === 'unknown'),
    );
  }

  givenUp(deaths: number): Scored {
    const message = `not run: Python ended ${deaths} times on the samples before`;
    this.#errors.push({ type: 'NotRun', message, samples: this.left.flatMap(range) });
    return this.scored;
  }
}

function errorOf({ line, ...error }: ScoredAnswer['errors'][number]): ScoreError {
  return line === undefined ? error : { ...error, line };
}

function range([from, to]: Batch): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
