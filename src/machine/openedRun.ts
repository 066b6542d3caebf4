import { clockOf } from '../domain/clock';
import { gpuSeries } from '../domain/gpu';
import type { NamedSeries } from '../domain/series';
import type { Run } from '../domain/run';
import { curveOf, headerOf } from '../wire/opening';
import type { Mark, RunHeader, RunOpening } from '../wire/runPanel';
import { thisDisk, type Disk } from './disk';
import { readLog } from './logText';
import { RunMetrics } from './metrics';
import { notesOf } from './notes';

/** A run that is being looked at: its files read as they grow, put as the panel shows it. */
export class OpenedRun {
  readonly metrics: RunMetrics;
  #sent = -1;
  #told: RunHeader | undefined;

  /** `look`: what is known of the run now; `folders`: its own, then where its trainer writes. */
  constructor(
    private readonly look: (metrics: RunMetrics) => Promise<Run> | Run,
    readonly folders: readonly string[],
    readonly disk: Disk = thisDisk,
  ) {
    this.metrics = new RunMetrics(folders, disk);
  }

  /** Everything, from the start. */
  async opening(width: number): Promise<RunOpening> {
    await this.metrics.refresh();
    this.#sent = -1;
    return this.#state(width);
  }

  /** What has changed since the last telling; undefined if nothing has. */
  async news(width: number): Promise<RunOpening | undefined> {
    const grown = await this.metrics.refresh();
    const header = headerOf(await this.look(this.metrics), this.metrics);
    return grown || JSON.stringify(header) !== JSON.stringify(this.#told) ? this.#state(width) : undefined;
  }

  async #state(width: number): Promise<RunOpening> {
    const { curves, starts, walls } = this.metrics;
    const run = await this.look(this.metrics);
    const changed = curves.since(this.#sent);
    this.#sent = curves.changes;
    this.#told = headerOf(run, this.metrics);
    const longest = curves.get('reward') ?? curves.get('loss') ?? changed[0];
    const seconds = longest && clockOf(longest.steps, walls, curves.get('step_time'));
    return {
      header: this.#told,
      curves: changed.map((series: NamedSeries) => curveOf(series, width)),
      notes: await notesOf(run, this.metrics, () => this.#tail()),
      marks: starts.slice(1).map((step, at): Mark => ({ step, label: `attempt ${at + 2}` })),
      clock: longest && seconds ? { steps: [...longest.steps], seconds } : null,
      gpu: gpuSeries(this.metrics.gpuSamples).map((series) => curveOf({ ...series, original: series.name }, width)),
      problems: this.metrics.problems,
    };
  }

  /** The end of the newest log. */
  async #tail(): Promise<string> {
    const path = this.metrics.logs.at(-1);
    return path === undefined ? '' : (await readLog(this.disk, path)).text.slice(-TAIL);
  }
}

/** Characters of a log's end in which causes are looked for. */
const TAIL = 32_768;
