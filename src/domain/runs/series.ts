import type { Series } from './metric';

/** A curve with the name that its framework gave it. */
export interface NamedSeries extends Series {
  readonly original: string;
  /** For each point the count of changes at which it last changed, as `Curves.changes` counts. */
  readonly changes?: readonly number[];
}

interface Column {
  readonly original: string;
  readonly steps: number[];
  readonly values: number[];
  readonly weights: number[];
  readonly changes: number[];
  /** The count of changes at which it last changed. */
  changed: number;
}

/** Values of one step from one source. The source of greater `weight` is believed where two tell the same. */
export interface Told {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
  readonly weight: number;
}

/**
 * The curves of a run, grown from several sources. A step told twice is one point: that of the weightier source, or of
 * the later telling (a resumed run goes over its last steps again).
 */
export class Curves {
  readonly #columns = new Map<string, Column>();
  #last = 0;
  #changes = 0;

  /** `common` gives the name that all frameworks share. */
  constructor(private readonly common: (name: string) => string) {}

  get last(): number {
    return this.#last;
  }

  /** Counts changes; a later `since` of this number gives what changed after it. */
  get changes(): number {
    return this.#changes;
  }

  add({ step, values, weight }: Told): void {
    if (!Number.isFinite(step)) return;
    this.#last = Math.max(this.#last, step);
    for (const original of Object.keys(values)) {
      const value = values[original];
      const column = this.#column(original);
      const change = this.#changes + 1;
      if (value !== undefined && put(column, { step, value, weight, change })) column.changed = this.#changes = change;
    }
  }

  get(name: string): NamedSeries | undefined {
    const column = this.#columns.get(name);
    return column && named(name, column);
  }

  /** Every curve by name; live arrays, so take what is needed before the next `add`. */
  all(): NamedSeries[] {
    return this.since(-1);
  }

  /** The curves that changed after that many changes. */
  since(changes: number): NamedSeries[] {
    const changed = [...this.#columns].filter(([, column]) => column.changed > changes);
    return changed.map(([name, column]) => named(name, column));
  }

  #column(original: string): Column {
    const name = this.common(original);
    let column = this.#columns.get(name);
    if (!column)
      this.#columns.set(name, (column = { original, steps: [], values: [], weights: [], changes: [], changed: 0 }));
    return column;
  }
}

function named(name: string, { original, steps, values, changes }: Column): NamedSeries {
  return { name, original, steps, values, changes };
}

interface Put {
  readonly step: number;
  readonly value: number;
  readonly weight: number;
  readonly change: number;
}

/** Puts a point at its place; false where it tells nothing new. */
function put(column: Column, point: Put): boolean {
  const at = place(column.steps, point.step);
  const seen = column.steps[at] === point.step;
  if (seen && (column.weights[at] ?? 0) > point.weight) return false;
  if (seen && Object.is(column.values[at], point.value)) return false;
  const removed = seen ? 1 : 0;
  column.steps.splice(at, removed, point.step);
  column.values.splice(at, removed, point.value);
  column.weights.splice(at, removed, point.weight);
  column.changes.splice(at, removed, point.change);
  return true;
}

/** Where `step` stands or would stand; new steps nearly always come last. */
function place(steps: readonly number[], step: number): number {
  const last = steps.at(-1);
  if (last === undefined || step > last) return steps.length;
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? NaN) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
