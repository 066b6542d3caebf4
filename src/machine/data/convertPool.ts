import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import { carryOut, type Done, type Job } from './convertJob';
import type { Answer } from './convertWorker';

/** Most threads, and the memory in MiB of each: all together stay below what a laptop can spare. */
const MOST_THREADS = 4;
const LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32 };

/** Carries jobs out, in threads where there is a script for them, else here. Their order is the caller's. */
export class ConvertPool implements Disposable {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];

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
    const worker = await this.#free();
    try {
      return await asked(worker, job);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#idle.push(worker);
    }
  }

  dispose(): void {
    for (const worker of this.#all) void worker.terminate();
  }

  #free(): Promise<Worker> {
    const idle = this.#idle.pop();
    if (idle) return Promise.resolve(idle);
    if (this.#all.length >= this.#threads) return new Promise((take) => this.#waiting.push(take));
    const worker = new Worker(this.script ?? '', { resourceLimits: LIMITS });
    this.#all.push(worker);
    return Promise.resolve(worker);
  }
}

function asked(worker: Worker, job: Job): Promise<Done> {
  return new Promise((take, refuse) => {
    const settle = (work: () => void) => {
      worker.removeAllListeners();
      work();
    };
    worker.once('error', (error) => settle(() => refuse(error)));
    worker.once('exit', () => settle(() => refuse(new Problem({ code: 'cancelled', message: 'Cancelled.' }))));
    worker.once('message', (told: Answer) =>
      settle(() => {
        if ('done' in told) take(told.done);
        else refuse('problem' in told ? new Problem(told.problem) : new Error(told.bug));
      }),
    );
    const { stretch } = job;
    worker.postMessage(job, stretch.kind === 'lines' ? [stretch.bytes.buffer as ArrayBuffer] : []);
  });
}
