import type { Batch } from '../../domain/rollouts/grouping';
import { Problem } from '../../domain/problem';
import type { ScoreError } from '../../domain/rewards/reward';
import { toScore, type JsonScore, type Score } from '../../domain/score';
import type { ScoredAnswer } from '../../wire/runner';
import type { Death } from './runner';

/** A request's answer, whose scores are made of what several processes gave. */
export type Answered<A extends ScoredAnswer> = Omit<A, 'scores' | 'components' | 'errors'> & {
  readonly scores: readonly Score[];
  readonly components: Readonly<Record<string, readonly Score[]>>;
  readonly errors: readonly ScoreError[];
};

/** What is known so far of one request, over as many processes as it took. */
export class Gathered {
  readonly #scores: Score[];
  readonly #errors: ScoreError[] = [];
  /** Batches still to be scored. */
  left: readonly Batch[];
  /** Samples of batches that cannot be scored; they are traced all the same. */
  alone: readonly number[] = [];
  /** Whether calling it again is worth trying. */
  verify = true;

  constructor(
    private readonly path: string,
    rows: number,
    batches: readonly Batch[],
  ) {
    this.#scores = new Array<Score>(rows).fill('unknown');
    this.left = batches;
  }

  /** Keeps final scores that were told on the way. */
  keep(from: number, scores: readonly JsonScore[]): void {
    const part = scores.map(toScore);
    part.forEach((score, at) => (this.#scores[from + at] = score));
  }

  with<A extends ScoredAnswer>(answer: A): Answered<A> {
    answer.scores.map(toScore).forEach((score, row) => {
      if (score !== 'unknown') this.#scores[row] = score;
    });
    const parts = Object.entries(answer.components).map(([name, column]) => [name, column.map(toScore)] as const);
    const errors = [...this.#errors, ...answer.errors];
    return { ...answer, scores: this.#scores, components: Object.fromEntries(parts), errors };
  }

  /** Blames the batch at which Python died; what it had not reached yet is run again. Errors: it died while loading. */
  died(death: Death, streamed: boolean): void {
    if (death.stage === 'checking') {
      this.verify = false;
      return;
    }
    const blamed = { type: 'Died', message: death.died, ...(death.line ? { line: death.line } : {}) };
    if (death.stage === 'sample' && this.alone.includes(death.index)) {
      this.alone = this.alone.filter((row) => row !== death.index);
      this.#errors.push({ ...blamed, samples: [death.index] });
      return;
    }
    const batch = this.#batchOf(death);
    if (batch === undefined) {
      throw new Problem({ code: 'import-failed', message: `Loading ${this.path}: ${death.died}.` });
    }
    const rows = range(batch);
    for (const row of rows) this.#scores[row] = 'error';
    const samples = death.stage === 'sample' ? [death.index] : rows;
    this.#errors.push({ ...blamed, samples });
    this.left = this.left.filter((other) => other !== batch && !(streamed && this.#isDone(other)));
    if (death.stage === 'sample') this.alone = [...this.alone, ...rows].filter((row) => row !== death.index);
  }

  givenUp(deaths: number): Pick<Answered<ScoredAnswer>, 'scores' | 'components' | 'errors' | 'stubbed'> {
    const message = `not run: Python ended ${deaths} times on the samples before`;
    const samples = this.left.flatMap(range);
    return {
      scores: this.#scores,
      components: {},
      errors: [...this.#errors, { type: 'NotRun', message, samples }],
      stubbed: [],
    };
  }

  #batchOf({ stage, index }: Death): Batch | undefined {
    if (stage === 'batch') return this.left[index];
    return stage === 'sample' ? this.left.find(([from, to]) => from <= index && index < to) : undefined;
  }

  #isDone(batch: Batch): boolean {
    return range(batch).every((row) => this.#scores[row] !== 'unknown');
  }
}

function range([from, to]: Batch): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
