import { widened, type ScoreColumn } from '../../domain/rollouts/columns';
import { overGroups, plainColumn, totalOf } from '../../domain/rollouts/derived';
import { ordered } from '../../domain/rollouts/order';
import {
  parseQuery,
  splitStatistic,
  STATISTICS,
  type Clause,
  type Query,
  type QueryNames,
} from '../../domain/rollouts/query';
import { Problem } from '../../domain/problem';
import { textOf, type Completion } from '../../domain/rollouts/rollout';
import { keepFitting, rowsOf, type ColumnClause } from '../../domain/rollouts/select';
import type { Part } from '../rollouts/parts';
import { flagsOf, type Flags } from './flags';
import type { Table } from './table';
import { NOW, Rescored } from './rescored';

/** Rows whose texts are looked at in one go. */
const STRETCH = 2048;
/** Rows that have a prompt in them and are compared with it. */
const MOST_SAME = 20_000;

export interface Selected {
  readonly query: Query;
  /** Undefined: every row in its own order. */
  readonly rows: Int32Array | undefined;
}

/** Finds and orders a table's rows; columns that are computed are kept until the table has grown. */
export class TableQuery {
  readonly #columns = new Map<string, ScoreColumn>();
  #lengths: Promise<ScoreColumn> | undefined;

  constructor(
    private readonly table: Table,
    private readonly flags: Flags,
    private readonly rescored = new Rescored(),
  ) {}

  get names(): QueryNames {
    const { rewards, textColumns } = this.table;
    const now = [...this.rescored.columns.keys()].map((name) => `${name}${NOW}`);
    const plain = ['row', 'step', 'group', 'advantage', 'total', 'len', ...rewards, ...now];
    const grouped = ['group', ...rewards].flatMap((name) => STATISTICS.map((statistic) => `${name}.${statistic}`));
    return { numbers: [...plain, ...grouped], texts: textColumns, flags: flagsOf };
  }

  async select(text: string, signal?: AbortSignal): Promise<Selected> {
    const query = parseQuery(text, this.names);
    if (query.clauses.length === 0 && query.sort.length === 0) return { query, rows: undefined };
    const kept = new Uint8Array(this.table.rows).fill(1);
    for (const clause of query.clauses)
      if (needsNoText(clause)) keepFitting(kept, await this.column(clause.column), clause);
    const texts = query.clauses.filter((clause) => !needsNoText(clause));
    if (texts.length > 0) await this.#keepTexts(kept, texts, signal);
    const by = await Promise.all(
      query.sort.map(async ({ column, down }) => ({ column: await this.column(column), down })),
    );
    return { query, rows: ordered(rowsOf(kept), by) };
  }

  /** The table has grown: computed columns are too short now. */
  forget(): void {
    this.#columns.clear();
    this.#lengths = undefined;
  }

  async column(name: string): Promise<ScoreColumn> {
    if (name === 'len') return (this.#lengths ??= this.#measure());
    const known = this.#columns.get(name) ?? this.#computed(name);
    this.#columns.set(name, known);
    return known;
  }

  #computed(name: string): ScoreColumn {
    const { table } = this;
    const [stem, statistic] = splitStatistic(name);
    const now = name.endsWith(NOW) ? this.rescored.columns.get(name.slice(0, -NOW.length)) : undefined;
    if (now) return widened(now, table.rows);
    if (statistic === undefined) return table.scores.get(name) ?? this.#plain(name);
    const base = stem === 'group' ? this.#computed('total') : table.scores.get(stem);
    const { group, groups } = table;
    return base ? overGroups(base, { group, groups }, statistic) : plainColumn([]);
  }

  #plain(name: string): ScoreColumn {
    const { table } = this;
    if (name === 'row') return plainColumn(Float64Array.from({ length: table.rows }, (_, row) => row));
    if (name === 'step') return plainColumn(table.step);
    if (name === 'group') return plainColumn(Float64Array.from(table.group, (id) => (id < 0 ? NaN : id)));
    return name === 'advantage' ? table.advantage : totalOf([...table.scores.values()], table.rows);
  }

  /** One row a step whose prompt is exactly this. */
  async samePrompt(prompt: string): Promise<{ step: number; row: number }[]> {
    const kept = new Uint8Array(this.table.rows).fill(1);
    await this.#keepTexts(kept, [{ kind: 'text', column: 'prompt', has: true, needle: prompt }], undefined);
    const first = new Map<number, number>();
    const rows = rowsOf(kept).subarray(0, MOST_SAME);
    for (let from = 0; from < rows.length; from += STRETCH) {
      for (const { row, step, prompt: own } of await this.table.completions([...rows.subarray(from, from + STRETCH)])) {
        if (step !== undefined && own === prompt && !first.has(step)) first.set(step, row);
      }
    }
    return [...first].map(([at, row]) => ({ step: at, row })).sort((a, b) => a.step - b.step);
  }

  async #measure(): Promise<ScoreColumn> {
    const lengths = new Float64Array(this.table.rows).fill(NaN);
    for (const { source, shape, start } of this.table.parts) {
      if (source.lengths) await source.lengths(shape.text, (row, length) => (lengths[start + row] = length));
      else await this.#each(start, start + source.rows, ({ row, text }) => (lengths[row] = text.length));
    }
    return plainColumn(lengths);
  }

  async #each(from: number, to: number, use: (completion: Completion) => void): Promise<void> {
    for (let at = from; at < to; at += STRETCH) {
      const rows = Array.from({ length: Math.min(STRETCH, to - at) }, (_, more) => at + more);
      (await this.table.completions(rows)).forEach(use);
      await breathe();
    }
  }

  /** Texts are looked for in the files' bytes where that tells; for all else, rows that are still kept are read. */
  async #keepTexts(kept: Uint8Array, clauses: readonly Clause[], signal: AbortSignal | undefined): Promise<void> {
    for (const part of this.table.parts) {
      const slow: Clause[] = [];
      for (const clause of clauses) if (!(await searched(part, clause, { kept, signal }))) slow.push(clause);
      if (slow.length > 0) await this.#read(part, slow, { kept, signal });
    }
  }

  async #read({ source, start }: Part, clauses: readonly Clause[], { kept, signal }: Kept): Promise<void> {
    const rows = rowsOf(kept.subarray(start, start + source.rows)).map((row) => start + row);
    for (let from = 0; from < rows.length; from += STRETCH) {
      await breathe();
      if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'A newer query has taken over.' });
      for (const completion of await this.table.completions([...rows.subarray(from, from + STRETCH)])) {
        if (!clauses.every((clause) => this.#fits(completion, clause))) kept[completion.row] = 0;
      }
    }
  }

  #fits(completion: Completion, clause: Clause): boolean {
    if (clause.kind === 'flag') return this.flags.of(completion).some((flag) => flag === clause.flag) === clause.has;
    if (clause.kind !== 'text') return true;
    const { column, needle, has } = clause;
    const texts = column === undefined ? [completion.text, completion.prompt] : [textIn(completion, column)];
    return texts.some((text) => contains(text, needle)) === has;
  }
}

/** Files are read at once, not awaited: without this, nobody would hear that a newer query was asked. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Kept {
  readonly kept: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

/** Drops the rows that do not fit by a search of the file's bytes; false where the bytes cannot tell. */
async function searched({ source, shape, start }: Part, clause: Clause, { kept, signal }: Kept): Promise<boolean> {
  if (clause.kind !== 'text' || typeof clause.needle !== 'string' || !source.search) return false;
  const { column, needle, has } = clause;
  const both = [shape.text, shape.prompt];
  const keys =
    column === undefined ? both : [column === 'text' ? shape.text : column === 'prompt' ? shape.prompt : column];
  const found = new Uint8Array(source.rows);
  await source.search({ needle, keys, mark: (row) => (found[row] = 1), signal });
  for (let row = 0; row < found.length; row++) if ((found[row] === 1) !== has) kept[start + row] = 0;
  return true;
}

function needsNoText(clause: Clause): clause is ColumnClause {
  return clause.kind === 'number' || clause.kind === 'word';
}

function textIn({ text, prompt, columns }: Completion, column: string): string {
  if (column === 'text') return text;
  return column === 'prompt' ? prompt : textOf(columns[column]);
}

/** A text is found as it is written; a pattern says by itself how it wants to be read. */
function contains(text: string, needle: string | RegExp): boolean {
  return typeof needle === 'string' ? text.includes(needle) : needle.test(text);
}
