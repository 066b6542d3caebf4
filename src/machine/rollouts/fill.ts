import { setScore, unknownScores, widened, type ScoreColumn } from '../../domain/rollouts/columns';
import { scoreOf, type Shape } from '../../domain/rollouts/rollout';
import type { Score } from '../../domain/score';

/** Columns of a table while it is filled. They are wider than the rows in use, so that growing is seldom. */
export class Filling {
  #room = 0;
  #step = new Float64Array(0);
  #group = new Int32Array(0);
  #advantage: ScoreColumn = unknownScores(0);
  readonly #scores = new Map<string, ScoreColumn>();
  readonly #groups = new Map<string, number>();

  /** Makes room for `rows` rows in all; the new ones are unknown until they are filled. */
  reserve(rows: number): void {
    if (rows <= this.#room) return;
    this.#room = this.#room === 0 ? rows : Math.max(rows, Math.ceil(this.#room * 1.5));
    const step = new Float64Array(this.#room).fill(NaN);
    step.set(this.#step);
    const group = new Int32Array(this.#room).fill(-1);
    group.set(this.#group);
    [this.#step, this.#group] = [step, group];
    this.#advantage = widened(this.#advantage, this.#room);
    for (const [name, column] of this.#scores) this.#scores.set(name, widened(column, this.#room));
  }

  get rewards(): readonly string[] {
    return [...this.#scores.keys()];
  }

  step(rows: number): Float64Array {
    return this.#step.subarray(0, rows);
  }

  group(rows: number): Int32Array {
    return this.#group.subarray(0, rows);
  }

  /** How many different ids were met. */
  get ids(): number {
    return this.#groups.size;
  }

  advantage(rows: number): ScoreColumn {
    return cut(this.#advantage, rows);
  }

  scores(rows: number): Map<string, ScoreColumn> {
    return new Map([...this.#scores].map(([name, column]) => [name, cut(column, rows)]));
  }

  setStep(row: number, value: number): void {
    this.#step[row] = value;
  }

  setAdvantage(row: number, score: Score): void {
    setScore(this.#advantage, row, score);
  }

  /** A reward's column; made when it is first heard of. */
  column(name: string): ScoreColumn {
    const column = this.#scores.get(name) ?? unknownScores(this.#room);
    this.#scores.set(name, column);
    return column;
  }

  /** The id of a row's group; equal ids of different steps are different groups. */
  setGroup(row: number, id: string): void {
    const key = `${this.#step[row]} ${id}`;
    const known = this.#groups.get(key) ?? this.#groups.size;
    this.#groups.set(key, known);
    this.#group[row] = known;
  }

  /** Takes one value of a record, whatever it means; text that is neither score nor id is none of our business. */
  take(shape: Shape, row: number, key: string, value: unknown): void {
    if (key === shape.step) this.setStep(row, stepOf(value));
    else if (key === shape.advantage) this.setAdvantage(row, scoreOf(value));
    else if (key === shape.group) {
      if (value !== undefined && value !== null) this.setGroup(row, groupOf(value, shape));
    } else setScore(this.column(key), row, scoreOf(value));
  }
}

function cut({ values, words }: ScoreColumn, rows: number): ScoreColumn {
  return { values: values.subarray(0, rows), words: words.subarray(0, rows) };
}

function stepOf(value: unknown): number {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN;
}

function groupOf(value: unknown, { groupSuffixes = 0 }: Shape): string {
  const parts = String(value).split('_');
  return parts.slice(0, Math.max(1, parts.length - groupSuffixes)).join('_');
}
