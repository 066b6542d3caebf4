import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commonName, LogReader } from '../domain/frameworks/logs';
import { Curves } from '../domain/series';
import { flattened } from '../domain/numeral';

const CHUNK = 1 << 20;

/** How much each source is believed where two tell the same step: full digits before rounded ones. */
const WEIGHT = { output: 1, rows: 2, history: 3 } as const;

/** One growing text file and how far it has been read. */
class Growing {
  readonly reader = new LogReader();
  #decoder = new TextDecoder();
  #offset = 0;
  #partial = '';

  constructor(
    readonly path: string,
    readonly weight: number,
  ) {}

  /** Reads what is new into `curves`; a file that became shorter was begun anew and is read from its start. */
  async refresh(curves: Curves): Promise<boolean> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      if (size < this.#offset) this.#restart();
      if (size === this.#offset) return false;
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - this.#offset));
      while (this.#offset < size) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        this.#take(this.#decoder.decode(buffer.subarray(0, bytesRead), { stream: true }), curves);
      }
      for (const point of this.reader.rest(this.#partial)) curves.add({ ...point, weight: this.weight });
      return true;
    } finally {
      await file.close();
    }
  }

  #take(text: string, curves: Curves): void {
    const whole = this.#partial + text;
    let start = 0;
    for (let end = whole.indexOf('\n'); end >= 0; end = whole.indexOf('\n', start)) {
      for (const point of this.reader.read(whole.slice(start, end))) curves.add({ ...point, weight: this.weight });
      start = end + 1;
    }
    this.#partial = whole.slice(start);
  }

  #restart(): void {
    this.#offset = 0;
    this.#partial = '';
    this.#decoder = new TextDecoder();
  }
}

/** Everything that a run's folder tells of its metrics; `refresh` reads what has come since. */
export class RunMetrics {
  readonly curves = new Curves(commonName);
  readonly #growing = new Map<string, Growing>();
  #historyAt = 0;
  #historySteps: number | undefined;
  #changedAt = 0;
  #problems: string[] = [];

  constructor(readonly folder: string) {}

  /** Steps in all, where any source tells. */
  get steps(): number | undefined {
    return this.#historySteps ?? [...this.#growing.values()].map(({ reader }) => reader.steps).find(Boolean);
  }

  /** The last step that was reached, as far as it is known. */
  get step(): number {
    return Math.max(this.curves.last, ...[...this.#growing.values()].map(({ reader }) => reader.step));
  }

  /** When a source last changed, in milliseconds since 1970; 0 without any source. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** What could not be read, one sentence each. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** The text log, where there is one. */
  get log(): string | undefined {
    return [...this.#growing.values()].find(({ weight }) => weight === WEIGHT.output)?.path;
  }

  /** True when something was new. */
  async refresh(): Promise<boolean> {
    this.#problems = [];
    const names = await readdir(this.folder);
    let grown = false;
    for (const name of names.sort()) {
      const path = join(this.folder, name);
      if (isOutput(name)) grown = (await this.#grow(path, WEIGHT.output)) || grown;
      else if (ROWS.has(name)) grown = (await this.#grow(path, WEIGHT.rows)) || grown;
    }
    const history = historyIn(names);
    return (history !== undefined && (await this.#readHistory(join(this.folder, history)))) || grown;
  }

  async #grow(path: string, weight: number): Promise<boolean> {
    let source = this.#growing.get(path);
    if (!source) this.#growing.set(path, (source = new Growing(path, weight)));
    this.#changedAt = Math.max(this.#changedAt, (await stat(path)).mtimeMs);
    return source.refresh(this.curves);
  }

  /** `trainer_state.json`: the whole history in full digits, written at the end or with a checkpoint. */
  async #readHistory(path: string): Promise<boolean> {
    const mtimeMs = await changed(path);
    if (mtimeMs === undefined) return false;
    this.#changedAt = Math.max(this.#changedAt, mtimeMs);
    if (mtimeMs === this.#historyAt) return false;
    this.#historyAt = mtimeMs;
    const state = history(await readFile(path, 'utf8'));
    if (!state) {
      this.#problems.push(`${path} is no whole JSON, so the curves come from the log alone.`);
      return false;
    }
    this.#historySteps = state.steps;
    for (const row of state.rows) {
      const { step = NaN, ...values } = flattened(row);
      this.curves.add({ step, values, weight: WEIGHT.history });
    }
    return true;
  }
}

/** When a file last changed; undefined while it is not there (a checkpoint that is being written). */
async function changed(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const ROWS: ReadonlySet<string> = new Set(['logging.jsonl', 'experiment_log.jsonl']);

/** Is this, by its name, what a trainer printed? */
export function isOutput(name: string): boolean {
  return /\.(?:log|out)$|^log\.txt$|^stdout|^nohup/.test(name) && name !== 'generations.log';
}

/** The history of the folder itself, else that of its newest checkpoint. */
function historyIn(names: readonly string[]): string | undefined {
  if (names.includes('trainer_state.json')) return 'trainer_state.json';
  const checkpoints = names.filter((name) => /^checkpoint-\d+$/.test(name)).map((name) => Number(name.slice(11)));
  return checkpoints.length === 0 ? undefined : join(`checkpoint-${Math.max(...checkpoints)}`, 'trainer_state.json');
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
