import { commonName } from '../../domain/frameworks/logs';
import type { GpuSample } from '../../domain/runs/gpu';
import type { Phase } from '../../domain/runs/phase';
import { Curves } from '../../domain/runs/series';
import type { TrackerPage } from '../../domain/runs/tracker';
import { thisDisk, type Disk } from '../disk';
import { findSources, type Found } from './sourceFiles';
import { EventSource, GpuSource, HistorySource, LogSource, WEIGHT, type Source } from './sources';

/** How often new files are looked for, in milliseconds: looking at another machine costs a round trip a folder. */
const LOOK_MS = 2000;

/** Everything that a run's folder tells of its metrics; `refresh` reads what has come since. */
export class RunMetrics {
  readonly curves = new Curves(commonName);
  readonly #sources = new Map<string, Source>();
  readonly #walls = new Map<number, number>();
  #changedAt = 0;
  #found: readonly Found[] = [];
  #lookedAt = -Infinity;

  /** `folders`: the run's own, then where its trainer writes, if that is elsewhere. */
  constructor(
    readonly folders: readonly string[],
    private readonly disk: Disk = thisDisk,
  ) {}

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

  /** What the newest attempt does before its first step. */
  get phase(): Phase | undefined {
    return this.#printed().at(-1)?.phase;
  }

  /** The page of an experiment tracker that the newest attempt names, or one before it. */
  get tracker(): TrackerPage | undefined {
    return this.#printed().findLast(({ page }) => page !== undefined)?.page;
  }

  /** What the GPUs did, over all attempts. */
  get gpuSamples(): readonly GpuSample[] {
    return [...this.#sources.values()].flatMap((source) => (source instanceof GpuSource ? source.samples : []));
  }

  /** The text logs, the oldest attempt first. */
  get logs(): readonly string[] {
    return [...this.#sources.values()].filter(({ weight }) => weight === WEIGHT.output).map(({ path }) => path);
  }

  /** Reads what is new, true if there was something. New files are looked for every two seconds. */
  async refresh(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#lookedAt > LOOK_MS) {
      this.#found = (await Promise.all(this.folders.map((folder) => findSources(this.disk, folder)))).flat();
      this.#lookedAt = now;
    }
    let grown = false;
    for (const found of this.#found) grown = (await this.#read(found)) || grown;
    return grown;
  }

  async #read({ path, kind, changedAt }: Found): Promise<boolean> {
    let source = this.#sources.get(path);
    if (!source) this.#sources.set(path, (source = this.#open(path, kind)));
    if (kind !== 'gpu') this.#changedAt = Math.max(this.#changedAt, changedAt);
    return source.refresh(this.curves, changedAt);
  }

  #open(path: string, kind: Found['kind']): Source {
    if (kind === 'gpu') return new GpuSource(this.disk, path);
    if (kind === 'history') return new HistorySource(this.disk, path);
    if (kind === 'events') return new EventSource(this.disk, path, (step, wall) => this.#walls.set(step, wall));
    return new LogSource(this.disk, path, WEIGHT[kind]);
  }

  /** What the trainer printed, the oldest attempt first. */
  #printed(): LogSource[] {
    const logs = [...this.#sources.values()].filter((source) => source instanceof LogSource);
    return logs.filter(({ weight }) => weight === WEIGHT.output);
  }

  #byWeight(): Source[] {
    return [...this.#sources.values()].sort((a, b) => b.weight - a.weight);
  }

  #startsOf(weight: number): number[] {
    return [...this.#sources.values()].filter((source) => source.weight === weight).flatMap(({ starts }) => starts);
  }
}
