import { dirname } from 'node:path';
import { Problem } from '../../domain/problem';
import { textOf, type Completion } from '../../domain/rollouts/rollout';
import { scoreAt } from '../../domain/rollouts/columns';
import { toJson } from '../../domain/score';
import { agreed } from '../../domain/rollouts/join';
import {
  MOST_ROWS,
  type CompletionsOpening,
  type Detail,
  type Picture,
  type RewardColumn,
  type RowShown,
  type SampleShown,
  type Spread,
  type StepCurve,
  type StepRow,
  type Unmapped,
  type View,
} from '../../wire/completionsPanel';
import { pictureNames, pictureOf } from '../pictures';
import type { Table } from './table';
import { curvesOf } from './curves';
import { saveRows, type Saving } from './export';
import { Flags } from './flags';
import { NOW, Rescored } from './rescored';
import { spreadOf } from './spread';
import { labelFolder, Labels, labelsBeside, type Label, type LabelFile } from './labels';
import { TableQuery } from './query';

/** Characters of a text that a line of the table may show. */
const LINE = 400;
/** Characters of a completion or column that the group's pane gets. */
const WHOLE = 200_000;
/** Views that are kept; a page uses one at a time, and may come back to the one before. */
const KEPT = 4;
/** Rows of a group that are shown; no trainer makes groups so large. */
const MOST_IN_GROUP = 256;

/** Answers a page from a table: filtered and ordered lists of rows, rows by range, and whole groups. */
export class TableView {
  readonly #views = new Map<number, Int32Array | undefined>();
  #next = 0;
  readonly #flags: Flags;
  readonly #query: TableQuery;
  readonly #labels: Labels;

  constructor(
    readonly table: Table,
    private readonly rescored = new Rescored(),
    labels: LabelFile = labelsBeside(table.path),
  ) {
    this.#flags = new Flags(table, rescored);
    this.#query = new TableQuery(table, this.#flags, rescored);
    this.#labels = new Labels(labels);
  }

  opening(): CompletionsOpening {
    const { path, rows, grouping, groups, bad, dataset } = this.table;
    return {
      source: path,
      rows,
      filled: this.table.filled,
      version: 0,
      rewards: this.#rewards(),
      unmapped: unmappedOf(this.table.unknown),
      steps: stepsOf(this.table.step),
      grouping,
      groups,
      bad: bad.slice(0, 20),
      badCount: bad.length,
      dataset: dataset?.file ?? null,
      query: null,
      names: this.#query.names,
    };
  }

  /** Each reward, and behind it what it gives now, on the colour scale of what was recorded. */
  #rewards(): RewardColumn[] {
    return [...this.table.scores].flatMap(([name, { values }]) => {
      const recorded = spread(name, values);
      return this.rescored.columns.has(name)
        ? [recorded, { ...recorded, name: `${name}${NOW}`, of: name }]
        : [recorded];
    });
  }

  /** The table has grown: what was computed of its columns means nothing any more. Views stay as they are. */
  forget(): void {
    this.#flags.forget();
    this.#query.forget();
  }

  /** A view without a list stands for all rows in their own order. */
  async view(text: string, signal?: AbortSignal): Promise<View> {
    const { rows, query } = await this.#query.select(text, signal);
    const view = this.#next++;
    this.#views.set(view, rows);
    this.#views.delete(view - KEPT);
    return { view, rows: rows?.length ?? this.table.rows, findings: query.findings, sort: query.sort };
  }

  async rows(view: number, from: number, to: number): Promise<RowShown[]> {
    const list = this.#views.get(view);
    const count = list?.length ?? this.table.rows;
    if (!this.#views.has(view) || to - from > MOST_ROWS) {
      throw new Problem({ code: 'bad-input', message: 'These rows are no longer known; ask for the view again.' });
    }
    const places = Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, at) => from + at);
    const completions = await this.table.completions(list ? places.map((place) => list[place] ?? 0) : places);
    return completions.map((completion) => this.shown(completion, LINE));
  }

  async detail(row: number): Promise<Detail> {
    const completions = await this.table.completions(this.groupOf(row));
    const own = completions.find((completion) => completion.row === row);
    return {
      row,
      prompt: cutText(own?.prompt ?? '', WHOLE),
      pictures: own ? await this.pictures(own) : [],
      samples: await Promise.all(completions.map((completion) => this.sample(completion))),
    };
  }

  /** The pictures that the record names, or the data set where the prompt decides it. */
  private pictures(completion: Completion): Promise<Picture[]> {
    const { dataset, path } = this.table;
    const folders = [...(dataset ? [dirname(dataset.file)] : []), path, labelFolder(path)];
    const known = this.columns(completion).flatMap((each) =>
      'value' in each ? [[each.name, each.value] as const] : [],
    );
    return Promise.all(pictureNames(Object.fromEntries(known)).map((name) => pictureOf(name, folders)));
  }

  async label(row: number, label: Label): Promise<null> {
    const [completion] = await this.table.completions([row]);
    if (completion) await this.#labels.set(completion, label);
    return null;
  }

  /** Writes a view's rows to a file. */
  async save(view: number, saving: Saving): Promise<{ rows: number }> {
    return { rows: await saveRows(this.table, this.listOf(view), saving) };
  }

  /** How the rewards of a view's rows went from step to step. */
  curves(view: number): StepCurve[] {
    return curvesOf(this.table, this.listOf(view), this.#flags.silent());
  }

  /** How a view's rows are spread. */
  async spread(view: number): Promise<Spread> {
    const [length, total] = [await this.#query.column('len'), await this.#query.column('total')];
    return spreadOf(this.table, this.listOf(view), { length, total });
  }

  /** The first row of each step that has the same prompt; for a prompt that is too frequent, the first few thousand. */
  async through(row: number): Promise<StepRow[]> {
    const [own] = await this.table.completions([row]);
    if (!own || own.step === undefined || own.prompt === '') return [];
    return this.#query.samePrompt(own.prompt);
  }

  private listOf(view: number): Int32Array {
    return this.#views.get(view) ?? Int32Array.from({ length: this.table.rows }, (_, row) => row);
  }

  /** Rows of the same group; the row alone where its group is unknown. */
  groupOf(row: number): number[] {
    const { group, rows } = this.table;
    const id = group[row];
    if (id === undefined || id < 0) return row < rows ? [row] : [];
    const members: number[] = [];
    for (
      let other = group.indexOf(id);
      other >= 0 && members.length < MOST_IN_GROUP;
      other = group.indexOf(id, other + 1)
    ) {
      members.push(other);
    }
    return members;
  }

  private shown(completion: Completion, bound: number): RowShown {
    const { row, step, group, prompt, text, scores, advantage } = completion;
    return {
      row,
      step: step ?? null,
      group: group ?? null,
      prompt: cutText(prompt, LINE),
      text: cutText(text, bound),
      length: text.length,
      scores: this.table.rewards.flatMap((name) => {
        const [now, recorded] = [this.rescored.columns.get(name), toJson(scores[name] ?? 'unknown')];
        return now ? [recorded, toJson(scoreAt(now, row))] : [recorded];
      }),
      advantage: toJson(advantage),
      flags: this.#flags.of(completion),
    };
  }

  private async sample(completion: Completion): Promise<SampleShown> {
    return {
      ...this.shown(completion, WHOLE),
      label: await this.#labels.of(completion.row),
      cut: Math.max(0, completion.text.length - WHOLE),
      columns: Object.fromEntries(
        this.columns(completion).map((each) => [
          each.name,
          'value' in each ? cutText(textOf(each.value), WHOLE) : each.unknown,
        ]),
      ),
    };
  }

  /** The record's own further columns, then those of the data set on which all matching records agree. */
  private columns({ prompt, columns }: Completion): Further[] {
    const { dataset } = this.table;
    const own = Object.entries(columns).map(([name, value]) => ({ name, value }));
    if (!dataset) return own;
    const records = dataset.join.find(prompt);
    const joined = dataset.join.columns.filter((name) => !(name in columns));
    return [
      ...own,
      ...joined.map((name) => {
        const value = agreed(records, name);
        return value === undefined ? { name, unknown: unknownIn(records.length) } : { name, value };
      }),
    ];
  }
}

/** A further column of a row, or why the data set does not decide it. */
type Further = { readonly name: string; readonly value: unknown } | { readonly name: string; readonly unknown: string };

function unknownIn(records: number): string {
  const why =
    records === 0
      ? 'no record of the data set has this prompt'
      : `${records} records of the data set have this prompt, and differ in it`;
  return `unknown: ${why}. A launch that records its completions would tell.`;
}

/** Characters of a value by which people recognise a column. */
const RECOGNISED = 120;

function unmappedOf(unknown: Table['unknown']): Unmapped | null {
  if (!unknown) return null;
  const columns = Object.entries(unknown.record).map(([name, value]) => ({
    name,
    sample: cutText(textOf(value), RECOGNISED),
    number: typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint',
  }));
  return { file: unknown.file, columns };
}

function cutText(text: string, bound: number): string {
  return text.length > bound ? text.slice(0, bound) : text;
}

function spread(name: string, values: Float64Array): RewardColumn {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low && value !== -Infinity) low = value;
    if (value > high && value !== Infinity) high = value;
  }
  return low <= high ? { name, low, high } : { name, low: 0, high: 0 };
}

function stepsOf(step: Float64Array): [number, number] | null {
  let [first, last] = [Infinity, -Infinity];
  for (const value of step) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  return first <= last ? [first, last] : null;
}
