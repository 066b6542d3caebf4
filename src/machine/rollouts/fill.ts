import { setScore, unknownScores, widened, type ScoreColumn } from '../../domain/columns';
import type { Shape } from '../../domain/rollout';
import { toScore } from '../../domain/score';
import type { Scalars } from './source';

/** Columns of a table while it is filled; `rows` of their places are in use. */
export class Filling {
  rows = 0;
  step = new Float64Array(0);
  /** Number of the group's id, in order of appearance; -1 without an id. */
  group = new Int32Array(0);
  advantage: ScoreColumn = unknownScores(0);
  readonly scores = new Map<string, ScoreColumn>();
  readonly #groups = new Map<string, number>();

  /** Makes room for `rows` rows in all; the new ones are unknown until they are filled. */
  grow(rows: number): void {
    const step = new Float64Array(rows).fill(NaN);
    step.set(this.step);
    const group = new Int32Array(rows).fill(-1);
    group.set(this.group);
    [this.step, this.group] = [step, group];
    this.advantage = widened(this.advantage, rows);
    for (const [name, column] of this.scores) this.scores.set(name, widened(column, rows));
  }

  /** A reward's column; made when it is first heard of. */
  score(name: string): ScoreColumn {
    const column = this.scores.get(name) ?? unknownScores(this.step.length);
    this.scores.set(name, column);
    return column;
  }

  /** Takes the values of the next rows; `names` are the columns that hold scores. */
  take({ rows, columns }: Scalars, shape: Shape, names: readonly string[]): void {
    const at = this.rows;
    const each = (name: string | undefined, set: (row: number, value: unknown) => void): void => {
      const values = name === undefined ? undefined : columns.get(name);
      if (values) for (let row = 0; row < rows; row++) if (row in values) set(at + row, values[row]);
    };
    each(shape.step, (row, value) => (this.step[row] = numberOf(value)));
    each(shape.advantage, (row, value) => setScore(this.advantage, row, toScore(value)));
    each(shape.group, (row, value) => (this.group[row] = this.#numberOf(value, shape, this.step[row])));
    for (const name of names) {
      const column = this.score(name);
      each(name, (row, value) => setScore(column, row, toScore(value)));
    }
    this.rows += rows;
  }

  #numberOf(value: unknown, shape: Shape, step: number | undefined): number {
    if (value === undefined || value === null) return -1;
    const parts = String(value).split('_');
    const id = parts.slice(0, Math.max(1, parts.length - (shape.groupSuffixes ?? 0))).join('_');
    const key = `${step} ${id}`;
    const known = this.#groups.get(key) ?? this.#groups.size;
    this.#groups.set(key, known);
    return known;
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN;
}
