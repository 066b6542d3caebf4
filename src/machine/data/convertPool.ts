import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import { carryOut, type Done, type Job } from './convertJob';
import type { Answer } from './convertWorker';

/** Most threads, and the memory in MiB of each: all together stay below what a laptop can spare. */
const MOST_THREADS = 4;
const LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 };

/** Carries jobs out, in threads where there is a script for them, else here. Their order is the caller's. */
export class ConvertPool implements Disposable {
  readonly #idle: Thread[] = [];
  readonly #all: Thread[] = [];
  readonly #waiting: ((thread: Thread) => void)[] = [];

  /** `script`: the bundle of `convertWorker.ts`. */
  constructor(private readonly script: string | undefined) {}

  /** Jobs that may be under way together. */
  get width(): number {
    return this.#threads + 1;
  }

  get #threads(): number {
    const threaded = this.script !== undefined && existsSync(this.script);
    return threaded ? Math.min(MOST_THREADS, availableParallelism()) : 0;
  }

  async run(job: Job): Promise<Done> {
    if (this.#threads === 0 || job.stretch.kind === 'records') return carryOut(job);
    const thread = await this.#free();
    try {
      return await thread.run(job);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thread);
      else this.#idle.push(thread);
    }
  }

  dispose(): void {
    for (const thread of this.#all) thread.end();
  }

  #free(): Promise<Thread> {
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    if (this.#all.length >= this.#threads) return new Promise((take) => this.#waiting.push(take));
    const thread = new Thread(this.script ?? '');
    this.#all.push(thread);
    return Promise.resolve(thread);
  }
}

/** A thread that does one job at a time. Its listeners stay: a worker whose listeners were all taken off tells no more. */
class Thread {
  readonly #worker: Worker;
  #settle: ((told: Answer | Error) => void) | undefined;

  constructor(script: string) {
    this.#worker = new Worker(script, { resourceLimits: LIMITS });
    this.#worker.on('message', (told: Answer) => this.#settle?.(told));
    this.#worker.on('error', (error) => this.#settle?.(error));
    this.#worker.on('exit', () => this.#settle?.(new Problem({ code: 'cancelled', message: 'Cancelled.' })));
  }

  run(job: Job): Promise<Done> {
    return new Promise((take, refuse) => {
      this.#settle = (told) => {
        this.#settle = undefined;
        if (told instanceof Error) refuse(told);
        else if ('done' in told) take(told.done);
        else refuse('problem' in told ? new Problem(told.problem) : new Error(told.bug));
      };
      const { stretch } = job;
      this.#worker.postMessage(job, stretch.kind === 'lines' ? [stretch.bytes.buffer as ArrayBuffer] : []);
    });
  }

  end(): void {
    void this.#worker.terminate();
  }
}
