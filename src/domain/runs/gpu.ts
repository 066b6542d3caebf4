import type { Series } from './metric';

/** What `nvidia-smi --query-gpu=timestamp,index,… --format=csv` says of one GPU at one moment. */
export interface GpuSample {
  /** Milliseconds of the host's own clock and time zone, so good for differences only. */
  readonly at: number;
  readonly gpu: string;
  /** By the column's name without its unit: `utilization.gpu`, `memory.used`. */
  readonly values: Readonly<Record<string, number>>;
}

/** Reads the table line by line; the first line names the columns. */
export class GpuTable {
  #columns: readonly string[] | undefined;

  read(line: string): GpuSample | undefined {
    const cells = line.split(',').map((cell) => cell.trim());
    if (!this.#columns) {
      this.#columns = cells.map((cell) => cell.replace(/ \[.*\]$/, ''));
      return undefined;
    }
    const values: Record<string, number> = {};
    let gpu = '0';
    let at = NaN;
    for (const [place, name] of this.#columns.entries()) {
      const cell = cells[place] ?? '';
      if (name === 'timestamp') at = momentOf(cell);
      else if (name === 'index') gpu = cell;
      else if (/^-?[\d.]+/.test(cell)) values[name] = parseFloat(cell);
    }
    return Number.isNaN(at) ? undefined : { at, gpu, values };
  }
}

/** `2026/11/20 12:47:38.309`, or unix seconds. */
function momentOf(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+):([\d.]+)$/.exec(text)?.slice(1).map(Number);
  const [year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN] = parts ?? [];
  return Date.UTC(year, month - 1, day, hour, minute) + second * 1000;
}

/** Curves over minutes since the first sample, one for each GPU and column: `0 memory.used`. */
export function gpuSeries(samples: readonly GpuSample[]): Series[] {
  const start = samples[0]?.at ?? 0;
  const curves = new Map<string, { name: string; steps: number[]; values: number[] }>();
  for (const { at, gpu, values } of samples)
    for (const [column, value] of Object.entries(values)) {
      const name = `${gpu} ${column}`;
      const curve = curves.get(name) ?? { name, steps: [], values: [] };
      curves.set(name, curve);
      curve.steps.push((at - start) / 60_000);
      curve.values.push(value);
    }
  return [...curves.values()];
}
