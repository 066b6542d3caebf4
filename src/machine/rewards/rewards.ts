import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Turns } from '../../base/pace';
import type { Batch } from '../../domain/rollouts/grouping';
import type { Divergence, Explained, PreparedRow } from '../../domain/rewards/explained';
import { Problem } from '../../domain/problem';
import type { Scored } from '../../domain/rewards/reward';
import { toScore, type JsonScore, type Score } from '../../domain/score';
import type { Traced, TraceRun } from '../../domain/rewards/trace';
import type { ExplainRequest, FoundRewards, PrepareRequest, ScoreRequest } from '../../wire/runner';
import { Gathered } from './gathered';
import { isDeath, RunnerProcess, type Death, type RunnerOptions } from './runner';
import { divergenceOf, explainedOf, NOT_TRACED, tracedOf, traceRunOf } from './traces';

type Request = Omit<ScoreRequest, 'batches' | 'run'>;

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
  /** Keywords that the training's configuration gives to the reward (`reward_kwargs`). */
  readonly keywords?: Readonly<Record<string, unknown>>;
  /** What the configuration sets, for rewards that are given the training's arguments. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Explain a sample within a call of its whole batch. */
  readonly whole?: boolean;
  /** Told while it runs: scores from row `from` on. */
  readonly onPart?: (from: number, scores: readonly Score[]) => void;
}

export interface TraceJob extends ScoreJob {
  /** Group of each row, where they are known. */
  readonly groups?: readonly number[];
  /** Rows that are looked at: they are traced first. */
  readonly first?: readonly number[];
  /** Told once all samples are traced, before the plain calls have confirmed the scores. */
  readonly onTraced?: (scores: readonly Score[], traced: Traced) => void;
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
  /** Started once a Python has died: whatever killed that one may well kill the next. */
  #standby: RunnerProcess | undefined;
  readonly #turns = new Turns();
  #runs = 0;
  #disposed = false;

  /** What the user's code printed: its beginning, and how many characters were dropped. */
  readonly onPrinted = this.#printed.event;

  constructor(private readonly options: RunnerOptions) {}

  /** The rewards of a text, without importing it. Errors: `no-python`. */
  async find(source: string, path: string): Promise<FoundRewards> {
    return this.#turns.take(async () => {
      const answer = await (await this.#ready()).process.ask('find', { source, path });
      if (isDeath(answer)) throw new Problem({ code: 'closed', message: `Python ended while it read ${path}.` });
      return answer;
    });
  }

  /** Scores in the order of the samples. Errors: `no-python`, `import-failed`, `missing`, `cancelled`. */
  async score(job: ScoreJob, signal?: AbortSignal): Promise<Scored> {
    return this.#newestOf(keyOf(job), signal, (mine) => this.#score(job, mine));
  }

  /** Every sample traced by itself, and the scores of the plain calls. Errors: as `score`. */
  async trace(job: TraceJob, signal?: AbortSignal): Promise<TraceRun> {
    return this.#newestOf(keyOf(job), signal, (mine) => this.#trace(job, mine));
  }

  /**
   * One row, with values line by line and the cause of its score. A newer `explain` or `compare` of the same reward
   * replaces it; runs are not disturbed. Errors: as `score`, and `closed` where the sample ends Python.
   */
  async explain(job: ScoreJob, row: number, signal?: AbortSignal): Promise<Explained> {
    return this.#newestOf(`explain\n${keyOf(job)}`, signal, async (mine) => {
      const answer = await this.#once(job, mine, (process) => process.ask('explain', { ...explainOf(job), row }, mine));
      return explainedOf(alive(answer));
    });
  }

  /** One row against another of its group: tests that differ, and the smallest change of text that was found. */
  async compare(
    job: ScoreJob,
    rows: { readonly row: number; readonly other: number },
    signal?: AbortSignal,
  ): Promise<Divergence> {
    return this.#newestOf(`explain\n${keyOf(job)}`, signal, async (mine) => {
      const request = { ...explainOf(job), ...rows };
      return divergenceOf(alive(await this.#once(job, mine, (process) => process.ask('diverge', request, mine))));
    });
  }

  /** A row of a data set put through a function of the file. Errors: `no-python`, `import-failed`, `closed`. */
  async prepare(request: PrepareRequest): Promise<PreparedRow> {
    return this.#turns.take(async () => {
      const answer = await (await this.#ready()).process.ask('prepare', request);
      return { ...alive(answer), after: alive(answer).after };
    });
  }

  /** Ends Python and all that the user's code started; the next request starts it anew. */
  restart(): void {
    this.#python?.process.dispose();
    this.#standby?.dispose();
    this.#python = this.#standby = undefined;
  }

  dispose(): void {
    this.#disposed = true;
    for (const open of this.#newest.values()) open.abort();
    this.restart();
  }

  /** A newer request of the same key aborts the older. */
  async #newestOf<T>(
    key: string,
    signal: AbortSignal | undefined,
    work: (mine: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const mine = new AbortController();
    this.#newest.get(key)?.abort();
    this.#newest.set(key, mine);
    const stop = (): void => mine.abort();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    try {
      return await this.#turns.take(() => work(mine.signal));
    } finally {
      signal?.removeEventListener('abort', stop);
      if (this.#newest.get(key) === mine) this.#newest.delete(key);
    }
  }

  async #ready(): Promise<{ readonly process: RunnerProcess; readonly sent: Set<string> }> {
    if (this.#disposed) throw new Problem({ code: 'closed', message: 'GRPO Lens is shutting down.' });
    if (this.#python?.process.alive) return this.#python;
    const died = this.#python !== undefined;
    const process = this.#standby?.alive ? this.#standby : new RunnerProcess(this.options);
    this.#standby = undefined;
    process.onPrinted((printed) => this.#printed.fire(printed));
    const python = { process, sent: new Set<string>() };
    this.#python = python;
    await process.ready();
    if (died && !this.#disposed) this.#standby = new RunnerProcess(this.options);
    return python;
  }

  async #score(job: ScoreJob, signal: AbortSignal): Promise<Scored> {
    const gathered = new Gathered(job.path, rowsOf(job), job.samples.batches);
    for (let deaths = 0; gathered.left.length > 0 && deaths < MOST_DEATHS; deaths++) {
      const answer = await this.#once(
        job,
        signal,
        (process, run) => {
          const request = { ...requestOf(job), batches: gathered.left, run };
          return process.ask('score', request, signal);
        },
        (from, scores) => gathered.keep(from, scores),
      );
      if (!isDeath(answer)) return gathered.with(answer);
      gathered.died(answer, true);
    }
    return { reward: job.reward, ...gathered.givenUp(MOST_DEATHS) };
  }

  async #trace(job: TraceJob, signal: AbortSignal): Promise<TraceRun> {
    const gathered = new Gathered(job.path, rowsOf(job), job.samples.batches);
    const { groups, first } = job;
    const asked = { ...(groups === undefined ? {} : { groups }), ...(first === undefined ? {} : { first }) };
    for (let deaths = 0; deaths < MOST_DEATHS; deaths++) {
      const answer = await this.#once(job, signal, (process, run) => {
        const { left: batches, alone, verify } = gathered;
        return process.ask('run', { ...requestOf(job), ...asked, batches, alone, verify, run }, signal);
      });
      if (!isDeath(answer)) return traceRunOf(gathered.with(answer));
      gathered.died(answer, false);
    }
    return { reward: job.reward, ...gathered.givenUp(MOST_DEATHS), ...NOT_TRACED };
  }

  /** One try in one process, with what it tells meanwhile. */
  async #once<A>(
    job: TraceJob,
    signal: AbortSignal,
    ask: (process: RunnerProcess, run: number) => Promise<A>,
    keep?: (from: number, scores: readonly JsonScore[]) => void,
  ): Promise<A> {
    throwIfAborted(signal);
    const { process, sent } = await this.#ready();
    const run = ++this.#runs;
    const following = new Disposables();
    following.add(
      process.onPart((part) => {
        if (part.run !== run || signal.aborted) return;
        keep?.(part.from, part.scores);
        job.onPart?.(part.from, part.scores.map(toScore));
      }),
    );
    following.add(
      process.onTraced((told) => {
        if (told.run === run && !signal.aborted) job.onTraced?.(told.scores.map(toScore), tracedOf(told));
      }),
    );
    try {
      await this.#send(job.samples, process, sent);
      return await ask(process, run);
    } catch (error) {
      if (signal.aborted) await this.#quiet(process);
      throw error;
    } finally {
      following.dispose();
    }
  }

  async #send(samples: Samples, process: RunnerProcess, sent: Set<string>): Promise<void> {
    // Python keeps those that were used last, so a use counts here too.
    if (sent.delete(samples.id)) return void sent.add(samples.id);
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

function requestOf({ samples, approximate = false, keywords, settings, ...job }: ScoreJob): Request {
  const { source, path, reward, timeout } = job;
  const given = { ...(keywords === undefined ? {} : { keywords }), ...(settings === undefined ? {} : { settings }) };
  return { source, path, reward, timeout, data: samples.id, approximate, ...given };
}

function explainOf(job: ScoreJob): Request & Pick<ExplainRequest, 'within'> {
  return { ...requestOf(job), ...(job.whole ? { within: job.samples.batches } : {}) };
}

function keyOf({ path, reward }: ScoreJob): string {
  return `${path}\n${reward}`;
}

function alive<A extends object>(answer: A | Death): A {
  if (isDeath(answer))
    throw new Problem({ code: 'closed', message: `This sample cannot be explained: ${answer.died}.` });
  return answer;
}

function rowsOf({ samples }: ScoreJob): number {
  return Object.values(samples.columns)[0]?.length ?? 0;
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
}
