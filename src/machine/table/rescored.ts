import { scoreAt, setScore, unknownScores, type ScoreColumn } from '../../domain/rollouts/columns';
import { sameAsRecorded, type Score } from '../../domain/score';

/** What the name of a re-scored column ends with. */
export const NOW = '.now';

/** Scores of rewards as they are edited now, beside those that were recorded; rows that were not scored are unknown. */
export class Rescored {
  readonly #columns = new Map<string, ScoreColumn>();

  /** By the recorded reward's name. */
  get columns(): ReadonlyMap<string, ScoreColumn> {
    return this.#columns;
  }

  /** Takes the place of what was scored before; no rows take the column away. */
  set(reward: string, rows: readonly number[], scores: readonly Score[]): void {
    if (rows.length === 0) return void this.#columns.delete(reward);
    const column = unknownScores(rows.reduce((most, row) => Math.max(most, row), 0) + 1);
    rows.forEach((row, at) => setScore(column, row, scores[at] ?? 'unknown'));
    this.#columns.set(reward, column);
  }

  /** Does one of the rewards give this row another score now than it was recorded with? */
  flips(row: number, recorded: ReadonlyMap<string, ScoreColumn>): boolean {
    return [...this.#columns].some(([name, column]) => {
      const [now, before] = [scoreAt(column, row), recorded.get(name)];
      const known = before ? scoreAt(before, row) : 'unknown';
      return now !== 'unknown' && now !== 'withheld' && known !== 'unknown' && !sameAsRecorded(now, known);
    });
  }
}
