import { isRepeated, isUnclosed, saysTruncated } from '../../domain/rollouts/flags';
import type { Completion } from '../../domain/rollouts/rollout';
import { groupsWithoutSignal } from '../../domain/rollouts/teaching';
import type { Flag } from '../../wire/completionsPanel';
import type { Table } from './table';
import { Rescored } from './rescored';

export const flagsOf: readonly Flag[] = ['truncated', 'unclosed', 'repeated', 'no-signal', 'flip'];

/** The flags of a table's rows; groups without signal are found once. */
export class Flags {
  #silent: Uint8Array | undefined;

  constructor(
    private readonly table: Table,
    private readonly rescored = new Rescored(),
  ) {}

  of(completion: Completion): Flag[] {
    const holds: Readonly<Record<string, boolean>> = {
      truncated: saysTruncated(completion.columns) ?? false,
      unclosed: isUnclosed(completion.text),
      repeated: isRepeated(completion.text),
      'no-signal': this.#withoutSignal(completion),
      flip: this.rescored.flips(completion.row, this.table.scores),
    };
    return flagsOf.filter((flag) => holds[flag]);
  }

  #withoutSignal({ group }: Completion): boolean {
    return group !== undefined && this.silent()[group] === 1;
  }

  /** 1 for each group without signal. */
  silent(): Uint8Array {
    return (this.#silent ??= this.#find());
  }

  #find(): Uint8Array {
    const { group, groups, advantage, scores } = this.table;
    return groupsWithoutSignal({ group, groups, advantage, scores: [...scores.values()] });
  }

  /** The table has grown: what was found means nothing any more. */
  forget(): void {
    this.#silent = undefined;
  }
}
