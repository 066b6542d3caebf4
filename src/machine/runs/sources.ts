import { LogReader } from '../../domain/frameworks/logs';
import { GpuTable, type GpuSample } from '../../domain/runs/gpu';
import { flattened } from '../../domain/numeral';
import { phaseOf, type Phase } from '../../domain/runs/phase';
import type { Curves } from '../../domain/runs/series';
import { EventReader, nameOfTag } from '../../domain/runs/tensorboard';
import { isRun, trackerPages, type TrackerPage } from '../../domain/runs/tracker';
import type { Disk } from '../disk';
import { Growing, wholeText } from './growing';

/** A file that tells metrics, and how much it is believed where two tell the same step: full digits before rounded ones. */
export interface Source {
  readonly path: string;
  readonly weight: number;
  /** Steps in all and the last one reached, where it tells. */
  readonly steps?: number | undefined;
  readonly step: number;
  /** The first step of each attempt that it tells of. */
  readonly starts: readonly number[];
  /** What could not be read, one sentence. */
  readonly problem?: string | undefined;
  /** Reads what is new; true if there was something. `changedAt`: when the file last changed, as far as that was looked up. */
  refresh(curves: Curves, changedAt: number): Promise<boolean>;
}

export const WEIGHT = { gpu: 0, output: 1, events: 2, rows: 3, history: 4 } as const;

/** Characters of each new stretch in which signs of a phase are looked for. */
const PHASE_TEXT = 20_000;

/** Characters of a log in which a tracker's page is looked for: trackers name it before the first step. */
const TRACKER_TEXT = 4_000_000;

/** Lines: what the trainer printed, or one JSON object each. */
export class LogSource implements Source {
  readonly #file: Growing;
  #reader = new LogReader();
  #decoder = new TextDecoder();
  #partial = '';
  #phase: Phase = 'starting';
  #looked = 0;
  /** The page of an experiment tracker that it names. */
  page: TrackerPage | undefined;

  constructor(
    disk: Disk,
    readonly path: string,
    readonly weight: number,
  ) {
    this.#file = new Growing(disk, path);
  }

  get steps(): number | undefined {
    return this.#reader.steps;
  }

  get step(): number {
    return this.#reader.step;
  }

  get starts(): readonly number[] {
    return this.#reader.starts;
  }

  async refresh(curves: Curves): Promise<boolean> {
    const grown = await this.#file.refresh(
      (bytes) => this.#take(this.#decoder.decode(bytes, { stream: true }), curves),
      () => this.#restart(),
    );
    for (const point of this.#reader.rest(this.#partial)) curves.add({ ...point, weight: this.weight });
    return grown;
  }

  /** What the run does, as long as it has not told of a step. */
  get phase(): Phase | undefined {
    return this.#reader.starts.length === 0 ? this.#phase : undefined;
  }

  #take(text: string, curves: Curves): void {
    const whole = this.#partial + text;
    if (this.phase !== undefined) this.#phase = phaseOf(whole.slice(-PHASE_TEXT), this.#phase);
    let start = 0;
    for (let end = whole.indexOf('\n'); end >= 0; end = whole.indexOf('\n', start)) {
      for (const point of this.#reader.read(whole.slice(start, end))) curves.add({ ...point, weight: this.weight });
      start = end + 1;
    }
    this.#lookForPage(whole.slice(0, start));
    this.#partial = whole.slice(start);
  }

  #lookForPage(lines: string): void {
    const [found] = this.#looked < TRACKER_TEXT && lines.includes('://') ? trackerPages(lines) : [];
    if (found && (isRun(found) || !this.page)) this.page = found;
    this.#looked += lines.length;
  }

  #restart(): void {
    this.#partial = '';
    this.#decoder = new TextDecoder();
    this.#reader = new LogReader();
    this.#phase = 'starting';
    this.#looked = 0;
    this.page = undefined;
  }
}

/** TensorBoard's events; they also tell when each step was. */
export class EventSource implements Source {
  readonly weight = WEIGHT.events;
  readonly #file: Growing;
  #reader = new EventReader();
  #starts: number[] = [];
  step = 0;
  problem: string | undefined;

  constructor(
    disk: Disk,
    readonly path: string,
    private readonly clock: (step: number, wall: number) => void,
  ) {
    this.#file = new Growing(disk, path);
  }

  get starts(): readonly number[] {
    return this.#starts;
  }

  async refresh(curves: Curves): Promise<boolean> {
    if (this.problem !== undefined) return false;
    return this.#file.refresh(
      (bytes) => this.#take(bytes, curves),
      () => (this.#reader = new EventReader()),
    );
  }

  #take(bytes: Uint8Array, curves: Curves): void {
    try {
      for (const { step, wall, values } of this.#reader.push(bytes)) {
        const named = Object.entries(values).map(([tag, value]) => [nameOfTag(tag), value] as const);
        curves.add({ step, values: Object.fromEntries(named), weight: this.weight });
        this.clock(step, wall);
        if (this.#starts.length === 0) this.#starts = [step];
        this.step = Math.max(this.step, step);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.problem = `${this.path} is broken (${error.message}), so what comes after is not shown.`;
    }
  }
}

/** What the GPUs did, sampled beside the run. */
export class GpuSource implements Source {
  readonly weight = WEIGHT.gpu;
  readonly step = 0;
  readonly starts: readonly number[] = [];
  readonly samples: GpuSample[] = [];
  readonly #file: Growing;
  #table = new GpuTable();
  #decoder = new TextDecoder();
  #partial = '';

  constructor(
    disk: Disk,
    readonly path: string,
  ) {
    this.#file = new Growing(disk, path);
  }

  refresh(): Promise<boolean> {
    return this.#file.refresh(
      (bytes) => this.#take(this.#decoder.decode(bytes, { stream: true })),
      () => this.#restart(),
    );
  }

  #restart(): void {
    this.samples.splice(0);
    this.#table = new GpuTable();
    this.#decoder = new TextDecoder();
    this.#partial = '';
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      const sample = this.#table.read(line);
      if (sample) this.samples.push(sample);
    }
  }
}

/** `trainer_state.json`: the whole history in full digits, written at the end or with a checkpoint. */
export class HistorySource implements Source {
  readonly weight = WEIGHT.history;
  readonly starts: readonly number[] = [];
  #changedAt = 0;
  steps: number | undefined;
  step = 0;
  problem: string | undefined;

  constructor(
    private readonly disk: Disk,
    readonly path: string,
  ) {}

  async refresh(curves: Curves, changedAt: number): Promise<boolean> {
    if (changedAt === this.#changedAt) return false;
    const state = history(await wholeText(this.disk, this.path));
    this.#changedAt = changedAt;
    this.problem = state ? undefined : `${this.path} is no whole JSON, so the curves come from the other files.`;
    this.steps = state?.steps;
    for (const row of state?.rows ?? []) {
      const { step = NaN, ...values } = flattened(row);
      if (Number.isFinite(step)) this.step = Math.max(this.step, step);
      curves.add({ step, values, weight: this.weight });
    }
    return true;
  }
}

function history(text: string): { readonly rows: readonly object[]; readonly steps?: number } | undefined {
  try {
    const state = JSON.parse(text.replace(/: (-?Infinity|NaN)\b/g, ': "$1"')) as Record<string, unknown>;
    const rows = state['log_history'];
    if (!Array.isArray(rows)) return undefined;
    const steps = state['max_steps'];
    return { rows: rows as object[], ...(typeof steps === 'number' ? { steps } : {}) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
