import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commonName } from '../domain/frameworks/logs';
import { Curves } from '../domain/series';
import { findSources, type Found } from './sourceFiles';
import { EventSource, HistorySource, LogSource, WEIGHT, type Source } from './sources';

interface Place {
  readonly path: string;
  readonly kind: Found['kind'];
}

const LOOK_MS = 2000;

async function places(folder: string): Promise<Place[]> {
  return (await findSources(folder)).map(({ path, kind }) => ({ path: join(folder, path), kind }));
}

/** Everything that a run's folder tells of its metrics; `refresh` reads what has come since. */
export class RunMetrics {
  readonly curves = new Curves(commonName);
  readonly #sources = new Map<string, Source>();
  readonly #walls = new Map<number, number>();
  #changedAt = 0;
  #found: readonly Place[] = [];
  #lookedAt = -Infinity;

  /** `folders`: the run's own, then where its trainer writes, if that is elsewhere. */
  constructor(readonly folders: readonly string[]) {}

  /** Steps in all, where any source tells; the weightiest is believed. */
  get steps(): number | undefined {
    return this.#byWeight().find(({ steps }) => steps !== undefined)?.steps;
  }

  /** The last step that was reached, as far as it is known. */
  get step(): number {
    return Math.max(this.curves.last, ...this.#byWeight().map(({ step }) => step));
  }

  /** When a source last changed, in milliseconds since 1970; 0 without any source. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** What could not be read, one sentence each. */
  get problems(): readonly string[] {
    return this.#byWeight().flatMap(({ problem }) => problem ?? []);
  }

  /** The first step of each attempt; one, or none while there is nothing, for a run that was never resumed. */
  get starts(): readonly number[] {
    const output = this.#startsOf(WEIGHT.output);
    const events = this.#startsOf(WEIGHT.events);
    return output.length >= events.length ? output : events;
  }

  /** Unix seconds at which each step was logged, where TensorBoard's events tell. */
  get walls(): ReadonlyMap<number, number> {
    return this.#walls;
  }

  /** The text logs, the oldest attempt first. */
  get logs(): readonly string[] {
    return [...this.#sources.values()].filter(({ weight }) => weight === WEIGHT.output).map(({ path }) => path);
  }

  /** Reads what is new, true if there was something. New files are looked for every two seconds. */
  async refresh(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#lookedAt > LOOK_MS) {
      this.#found = (await Promise.all(this.folders.map(places))).flat();
      this.#lookedAt = now;
    }
    let grown = false;
    for (const place of this.#found) grown = (await this.#read(place)) || grown;
    return grown;
  }

  async #read(found: Place): Promise<boolean> {
    const { path } = found;
    let source = this.#sources.get(path);
    if (!source) this.#sources.set(path, (source = this.#open(path, found.kind)));
    try {
      const { mtimeMs } = await stat(path);
      this.#changedAt = Math.max(this.#changedAt, mtimeMs);
      return await source.refresh(this.curves);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  #open(path: string, kind: Found['kind']): Source {
    if (kind === 'history') return new HistorySource(path);
    if (kind === 'events') return new EventSource(path, (step, wall) => this.#walls.set(step, wall));
    return new LogSource(path, WEIGHT[kind]);
  }

  #byWeight(): Source[] {
    return [...this.#sources.values()].sort((a, b) => b.weight - a.weight);
  }

  #startsOf(weight: number): number[] {
    return [...this.#sources.values()].filter((source) => source.weight === weight).flatMap(({ starts }) => starts);
  }
}
