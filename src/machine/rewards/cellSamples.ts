import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SamplesGiven } from '../../wire/kernel';
import { firstRows } from './samples';
import { openTable, type Table } from '../table/table';
import { columnsFor } from '../table/samples';

export interface CellAsked {
  /** What stands behind `%%reward`: a path, or anything else. */
  readonly words: string;
  readonly code: string;
  readonly folder: string;
  /** Most rows. */
  readonly most: number;
}

/** Path that the words of a cell name, if there is something at it. */
export async function pathOf({ words, folder }: Pick<CellAsked, 'words' | 'folder'>): Promise<string | undefined> {
  if (words === '') return undefined;
  const path = resolve(folder, words);
  return stat(path).then(
    () => path,
    () => undefined,
  );
}

/** Rows of a table for the rewards of a cell: the columns of the data set that its code names are joined. */
export async function samplesFor(path: string, { words, code, folder, most }: CellAsked): Promise<SamplesGiven> {
  const table = await openTable(path);
  const needs = (table.dataset?.join.columns ?? []).filter((name) => new RegExp(`\\b${escaped(name)}\\b`).test(code));
  const found = await columnsFor(table, { needs: needs.filter(isNoText), rows: firstRows(table, most) });
  return {
    name: words,
    path: resolve(folder, path),
    rows: found.rows,
    columns: { ...found.columns, ...stepsOf(table, found.rows) },
    batches: found.batches,
    groups: groupsOf(table, found.rows),
    conversational: found.conversational,
  };
}

function isNoText(name: string): boolean {
  return name !== 'prompt' && name !== 'completion';
}

function stepsOf(table: Table, rows: readonly number[]): { step?: readonly number[] } {
  const steps = rows.map((row) => table.step[row] ?? NaN);
  return steps.some(Number.isNaN) ? {} : { step: steps };
}

function groupsOf(table: Table, rows: readonly number[]): readonly number[] | null {
  const groups = rows.map((row) => table.group[row] ?? -1);
  return groups.some((group) => group < 0) ? null : groups;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
