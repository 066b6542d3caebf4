import type * as vscode from 'vscode';
import type { Mapping, Mappings } from '../../domain/rollouts/rollout';
import { mappingKey } from '../../domain/rollouts/rollout';
import type { Kept, Unmapped } from '../../wire/completionsPanel';

const [KEPT, MAPPINGS] = ['grpoLens.completions', 'grpoLens.mappings'];
const NOTHING: Kept = { layout: { widths: {}, hidden: [] }, queries: [] };

/** The user's columns, queries and mappings of unknown files: kept over all workspaces. */
export class CompletionsKept {
  constructor(private readonly memory: vscode.Memento) {}

  get kept(): Kept {
    return { ...NOTHING, ...this.memory.get<Partial<Kept>>(KEPT) };
  }

  async keep(kept: Kept): Promise<null> {
    await this.memory.update(KEPT, kept);
    return null;
  }

  get mappings(): Mappings {
    return this.memory.get<Mappings>(MAPPINGS, {});
  }

  /** Remembers what the columns of an unknown file mean, for all files with the same columns. */
  async map(unmapped: Unmapped | null, mapping: Mapping): Promise<void> {
    if (!unmapped) return;
    const key = mappingKey(unmapped.columns.map(({ name }) => name));
    await this.memory.update(MAPPINGS, { ...this.mappings, [key]: mapping });
  }
}
