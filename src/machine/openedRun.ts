import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clockOf } from '../domain/clock';
import { GpuTable, gpuSeries } from '../domain/gpu';
import type { NamedSeries } from '../domain/series';
import type { Run } from '../domain/run';
import { curveOf, headerOf } from '../wire/opening';
import type { Curve, Mark, RunOpening } from '../wire/runPanel';
import { RunMetrics } from './metrics';

/** A run that is being looked at: its files read as they grow, put as the panel shows it. */
export class OpenedRun {
  readonly metrics: RunMetrics;
  #sent = -1;
  #problems: readonly string[] = [];
  #gpu: readonly Curve[] = [];

  /** `look`: what is known of the run now; `folders`: its own, then where its trainer writes. */
  constructor(
    private readonly look: (metrics: RunMetrics) => Promise<Run> | Run,
    readonly folders: readonly string[],
  ) {
    this.metrics = new RunMetrics(folders);
  }

  /** Everything, from the start. */
  async opening(width: number): Promise<RunOpening> {
    await this.metrics.refresh();
    this.#sent = -1;
    return this.#state(width);
  }

  /** What has changed since the last telling; undefined if nothing has. */
  async news(width: number): Promise<RunOpening | undefined> {
    return (await this.metrics.refresh()) ? this.#state(width) : undefined;
  }

  async #state(width: number): Promise<RunOpening> {
    const { curves, starts, walls } = this.metrics;
    const changed = curves.since(this.#sent);
    this.#sent = curves.changes;
    await this.#readGpu(width);
    const longest = curves.get('reward') ?? curves.get('loss') ?? changed[0];
    const seconds = longest && clockOf(longest.steps, walls, curves.get('step_time'));
    return {
      header: headerOf(await this.look(this.metrics), this.metrics),
      curves: changed.map((series: NamedSeries) => curveOf(series, width)),
      marks: starts.slice(1).map((step, at): Mark => ({ step, label: `attempt ${at + 2}` })),
      clock: longest && seconds ? { steps: [...longest.steps], seconds } : null,
      gpu: this.#gpu,
      problems: [...this.metrics.problems, ...this.#problems],
    };
  }

  /** The samples of all attempts; the file is small, so it is read whole. */
  async #readGpu(width: number): Promise<void> {
    const texts = await Promise.all(this.folders.map((folder) => textOf(join(folder, 'gpu.csv'))));
    const table = new GpuTable();
    const samples = texts
      .join('')
      .split('\n')
      .flatMap((line) => table.read(line) ?? []);
    this.#gpu = gpuSeries(samples).map((series) => curveOf({ ...series, original: series.name }, width));
  }
}

/** A file's text; empty if it is not there. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
