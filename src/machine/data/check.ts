import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { MEDIA, promptText, type DataForm, type DataRecord } from '../../domain/dataset';
import {
  checkBalance,
  checkRecord,
  type Classes,
  type DataFinding,
  type DataRule,
} from '../../domain/dataset/checking';
import { dataForms, formOf } from '../../domain/frameworks/datasets';
import { Problem } from '../../domain/problem';
import { readRecords, type Numbered } from './records';

export interface CheckOptions {
  readonly form?: DataForm;
  /** Where relative paths of media are looked for; by default beside the file. */
  readonly mediaFolder?: string;
  /** Another data set, whose prompts must not stand in this one. */
  readonly against?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (rows: number) => void;
}

export interface CheckReport {
  readonly file: string;
  readonly form?: DataForm;
  readonly rows: number;
  /** Up to a hundred of each rule, in the order of the rows. */
  readonly findings: readonly DataFinding[];
  /** All of them, also those beyond the hundred. */
  readonly counts: Readonly<Partial<Record<DataRule, number>>>;
  readonly classes: Classes;
  /** Lengths of the prompts in characters: how many are below 2^n, for n from 0. */
  readonly lengths: readonly number[];
  readonly media: Readonly<Record<string, number>>;
}

const MOST_SHOWN = 100;
const MOST_CLASSES = 50;
/** Records whose files are looked for together. */
const TOGETHER = 128;

/** Reads a data set through and says what is wrong with it. Errors: `missing`, `bad-input`, `unsupported`, `cancelled`. */
export async function check(file: string, options: CheckOptions = {}): Promise<CheckReport> {
  const others = options.against === undefined ? undefined : await digestsOf(options.against, options.signal);
  const census = new Census(file, options, others);
  let waiting: Promise<void>[] = [];
  for await (const numbered of readRecords(file)) {
    if (options.signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
    waiting.push(census.add(numbered));
    if (waiting.length < TOGETHER) continue;
    await Promise.all(waiting);
    waiting = [];
    options.progress?.(numbered.row);
  }
  await Promise.all(waiting);
  return census.report();
}

class Census {
  readonly #findings: DataFinding[] = [];
  readonly #counts: Partial<Record<DataRule, number>> = {};
  readonly #seen = new Map<number, number>();
  readonly #classes = new Map<string, number>();
  readonly #lengths: number[] = [];
  readonly #media: Record<string, number> = { images: 0, videos: 0, audios: 0 };
  readonly #exists = new Map<string, Promise<boolean>>();
  #form: DataForm | undefined;
  #rows = 0;
  #classesGaveUp = false;

  constructor(
    private readonly file: string,
    private readonly options: CheckOptions,
    private readonly others: ReadonlySet<number> | undefined,
  ) {
    this.#form = options.form;
  }

  async add(numbered: Numbered): Promise<void> {
    this.#rows += 1;
    const { record } = numbered;
    if (!record) return this.#say(numbered, { rule: 'bad-record', weight: 'error', text: numbered.bad ?? '' });
    const form = (this.#form ??= formOf(record));
    if (!form) {
      const text = `It has none of the known forms: ${dataForms.map(({ name }) => name).join(', ')}.`;
      return this.#say(numbered, { rule: 'bad-record', weight: 'error', text });
    }
    const read = form.read(record);
    if (typeof read === 'string') {
      const mixed = formOf(record);
      const text = mixed && mixed !== form ? `It is ${mixed.name}, the records before are ${form.name}.` : read;
      return this.#say(numbered, {
        rule: mixed && mixed !== form ? 'mixed-form' : 'bad-record',
        weight: 'error',
        text,
      });
    }
    for (const said of checkRecord(form, record, read)) this.#say(numbered, said);
    this.#compare(numbered, read);
    this.#count(read);
    await this.#lookForFiles(numbered, read);
  }

  report(): CheckReport {
    const classes = this.#classesGaveUp ? undefined : [...this.#classes].sort(([, a], [, b]) => b - a);
    for (const finding of checkBalance(classes, this.#rows)) this.#say(undefined, finding);
    this.#findings.sort((a, b) => (a.row ?? -1) - (b.row ?? -1));
    return {
      file: this.file,
      ...(this.#form ? { form: this.#form } : {}),
      rows: this.#rows,
      findings: this.#findings,
      counts: this.#counts,
      classes,
      lengths: Array.from(this.#lengths, (count: number | undefined) => count ?? 0),
      media: this.#media,
    };
  }

  #compare(numbered: Numbered, read: DataRecord): void {
    const digest = digestOf(read);
    const first = this.#seen.get(digest);
    if (first === undefined) this.#seen.set(digest, numbered.line ?? numbered.row);
    else {
      const where = numbered.line === undefined ? `row ${first}` : `line ${first}`;
      this.#say(numbered, { rule: 'duplicate', weight: 'warning', text: `The same prompt stands in ${where}.` });
    }
    if (!this.others?.has(digest)) return;
    const text = `The same prompt stands in ${this.options.against ?? ''}: the other set is no test of what was learnt here.`;
    this.#say(numbered, { rule: 'leakage', weight: 'error', text });
  }

  #count(read: DataRecord): void {
    const bucket = Math.ceil(Math.log2(promptText(read).length + 1));
    this.#lengths[bucket] = (this.#lengths[bucket] ?? 0) + 1;
    for (const key of MEDIA) this.#media[key] = (this.#media[key] ?? 0) + read[key].length;
    if (this.#classesGaveUp || read.solution === undefined) return;
    const solution = typeof read.solution === 'string' ? read.solution : JSON.stringify(read.solution);
    this.#classes.set(solution, (this.#classes.get(solution) ?? 0) + 1);
    this.#classesGaveUp = this.#classes.size > MOST_CLASSES;
    if (this.#classesGaveUp) this.#classes.clear();
  }

  async #lookForFiles(numbered: Numbered, read: DataRecord): Promise<void> {
    const folder = this.options.mediaFolder ?? dirname(this.file);
    for (const { path, bytes } of MEDIA.flatMap((key) => read[key])) {
      if (path === undefined || bytes || /^(https?|data):/i.test(path)) continue;
      const full = resolve(folder, path.replace(/^file:\/\//, ''));
      if (await this.#has(full)) continue;
      this.#say(numbered, { rule: 'missing-file', weight: 'error', text: `The file ${path} is not there (${full}).` });
    }
  }

  #has(path: string): Promise<boolean> {
    const known = this.#exists.get(path);
    if (known) return known;
    const asked = stat(path).then(
      (found) => found.isFile() && found.size > 0,
      () => false,
    );
    if (this.#exists.size < 100_000) this.#exists.set(path, asked);
    return asked;
  }

  #say(at: Numbered | undefined, said: Omit<DataFinding, 'row' | 'line'>): void {
    const count = (this.#counts[said.rule] ?? 0) + 1;
    this.#counts[said.rule] = count;
    if (count > MOST_SHOWN) return;
    const line = at?.line === undefined ? {} : { line: at.line };
    this.#findings.push({ ...said, ...(at ? { row: at.row } : {}), ...line });
  }
}

async function digestsOf(file: string, signal: AbortSignal | undefined): Promise<ReadonlySet<number>> {
  const digests = new Set<number>();
  let form: DataForm | undefined;
  for await (const { record } of readRecords(file)) {
    if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
    if (!record) continue;
    form ??= formOf(record);
    const read = form?.read(record);
    if (read !== undefined && typeof read !== 'string') digests.add(digestOf(read));
  }
  return digests;
}

/** 48 bits of a digest over the prompt and its media: what makes two prompts the same. */
function digestOf(record: DataRecord): number {
  const hash = createHash('sha1').update(promptText(record));
  for (const { path, bytes } of MEDIA.flatMap((key) => record[key])) hash.update('\0').update(bytes ?? path ?? '');
  return hash.digest().readUIntBE(0, 6);
}
