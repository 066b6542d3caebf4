import { Turns } from '../../base/pace';
import { clockOf } from '../../domain/runs/clock';
import { gpuSeries } from '../../domain/runs/gpu';
import type { Run } from '../../domain/runs/run';
import { curveOf, headerOf } from '../../wire/opening';
import type { Curve, Mark, RunHeader, RunOpening } from '../../wire/runPanel';
import { thisDisk, type Disk } from '../disk';
import { readLog } from './logText';
import { metOf, type Met } from './met';
import { RunMetrics } from './metrics';
import { notesOf } from './notes';
import { Startup, usualOf, type PhaseSpan } from './startup';

/** A run that is being looked at: its files read as they grow, put as the panel shows it. */
export class OpenedRun {
  readonly metrics: RunMetrics;
  /** A page may begin anew while something new is being read. */
  readonly #turns = new Turns();
  #sent = -1;
  #samples = -1;
  #told: RunHeader | undefined;
  #startup: { readonly attempt: number; readonly reading: Startup } | undefined;
  #met: { readonly attempt: number; readonly met: Met | undefined } | undefined;

  /**
   * `look`: what is known of the run now; `folders`: its own, then where its trainer writes; `earlier`: how the starts of
   * like runs went.
   */
  constructor(
    private readonly look: (metrics: RunMetrics) => Promise<Run> | Run,
    readonly folders: readonly string[],
    readonly disk: Disk = thisDisk,
    private readonly earlier: () => Promise<readonly (readonly PhaseSpan[])[]> = () => Promise.resolve([]),
  ) {
    this.metrics = new RunMetrics(folders, disk);
  }

  /** Everything, from the start. */
  opening(width: number): Promise<RunOpening> {
    return this.#turns.take(async () => {
      await this.metrics.refresh();
      this.#sent = this.#samples = -1;
      return this.#state(await this.#lookedAt(), width);
    });
  }

  /** What has changed since the last telling; undefined if nothing has. */
  news(width: number): Promise<RunOpening | undefined> {
    return this.#turns.take(async () => {
      const grown = await this.metrics.refresh();
      const seen = await this.#lookedAt();
      return grown || JSON.stringify(seen.header) !== JSON.stringify(this.#told) ? this.#state(seen, width) : undefined;
    });
  }

  async #lookedAt(): Promise<{ readonly run: Run; readonly header: RunHeader }> {
    const run = await this.look(this.metrics);
    const known = headerOf(run, this.metrics, await this.#metBy(run));
    const startup = await this.#startupOf(run);
    return { run, header: startup.length > 0 ? { ...known, startup } : known };
  }

  async #state({ run, header }: { run: Run; header: RunHeader }, width: number): Promise<RunOpening> {
    const { curves, starts, walls, gpuSamples } = this.metrics;
    const sent = this.#sent;
    const changed = curves.since(sent);
    this.#sent = curves.changes;
    this.#told = header;
    const longest = curves.get('reward') ?? curves.get('loss') ?? changed[0];
    const seconds = longest && clockOf(longest.steps, walls, curves.get('step_time'));
    const sampled = gpuSamples.length !== this.#samples;
    this.#samples = gpuSamples.length;
    const gpu = (): Curve[] =>
      gpuSeries(gpuSamples).map((series) => curveOf({ ...series, original: series.name }, width));
    return {
      header,
      curves: changed.map((series) => curveOf(series, width, sent)),
      notes: await notesOf(run, this.metrics, () => this.#tail()),
      marks: starts.slice(1).map((step, at): Mark => ({ step, label: `attempt ${at + 2}` })),
      clock: longest && seconds ? { steps: [...longest.steps], seconds } : null,
      ...(sampled ? { gpu: gpu() } : {}),
      problems: this.metrics.problems,
    };
  }

  /** What the newest attempt met; it is noted a moment after the start. */
  async #metBy({ folder, attempts, facts }: Run): Promise<Met | undefined> {
    if (facts.adopted || attempts === 0) return undefined;
    if (this.#met?.attempt !== attempts || !this.#met.met)
      this.#met = { attempt: attempts, met: await metOf(this.disk, `${folder}/attempts/${attempts}`) };
    return this.#met.met;
  }

  /** The phases before the first step, beside what they usually take; nothing where they are over. */
  async #startupOf({ folder, attempts, facts, state }: Run): Promise<NonNullable<RunHeader['startup']>> {
    if (facts.adopted || attempts === 0 || state !== 'running' || this.metrics.step > 0) return [];
    if (this.#startup?.attempt !== attempts)
      this.#startup = { attempt: attempts, reading: new Startup(this.disk, `${folder}/attempts/${attempts}`) };
    const { reading } = this.#startup;
    await reading.refresh();
    const usual = usualOf(await this.#earlier());
    return reading.spans.map((span) => {
      const usually = usual.get(span.phase);
      return usually === undefined ? span : { ...span, usually };
    });
  }

  #earlierStarts: Promise<readonly (readonly PhaseSpan[])[]> | undefined;

  #earlier(): Promise<readonly (readonly PhaseSpan[])[]> {
    return (this.#earlierStarts ??= this.earlier());
  }

  /** The end of the newest log. */
  async #tail(): Promise<string> {
    const path = this.metrics.logs.at(-1);
    return path === undefined ? '' : (await readLog(this.disk, path)).text.slice(-TAIL);
  }
}

/** Characters of a log's end in which causes are looked for. */
const TAIL = 32_768;
