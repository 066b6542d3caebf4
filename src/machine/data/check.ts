import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { MEDIA, promptText, type DataForm, type DataRecord } from '../../domain/dataset/dataset';
import {
  checkBalance,
  checkRecord,
  type Classes,
  type DataFinding,
  type DataRule,
} from '../../domain/dataset/checking';
import { Lengths, type Spread } from '../../domain/dataset/spread';
import { dataForms, formOf } from '../../domain/frameworks/datasets';
import { Problem } from '../../domain/problem';
import type { MediaPlace } from './brought';
import { MediaFiles } from './mediaFiles';
import { readRecords, type Numbered } from './records';
import type { Viewer } from './seeing';

/** Relative paths of media are looked for beside the file, where no other place is named. */
export interface CheckOptions extends MediaPlace {
  readonly form?: DataForm;
  /** Another data set, whose prompts must not stand in this one. */
  readonly against?: string;
  /** A model through whose eyes prompts are measured in tokens. */
  readonly viewer?: Viewer;
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
  /** Lengths of the prompts, in characters. */
  readonly characters: Spread | undefined;
  /** The same as the model gets them, in its own tokens; of the first records where there are very many. */
  readonly tokens: Spread | undefined;
  /** What was missing to count tokens. */
  readonly missing: readonly string[];
  readonly media: Readonly<Record<string, number>>;
}

const MOST_SHOWN = 100;
const MOST_CLASSES = 50;
/** Records whose tokens are counted: some thousands take a second. */
const MOST_MEASURED = 50_000;
/** Records whose files are looked for together. */
const TOGETHER = 128;

/** Reads a data set through and says what is wrong with it. Errors: `missing`, `bad-input`, `unsupported`, `cancelled`. */
export async function check(file: string, options: CheckOptions = {}): Promise<CheckReport> {
  const others = options.against === undefined ? undefined : await digestsOf(options.against, options.signal);
  const census = new Census(file, options, others);
  let waiting: Promise<void>[] = [];
  for await (const numbered of readRecords(file)) {
    if (options.signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
    const looked = census.add(numbered);
    // It may fail before it is waited for.
    looked.catch(() => undefined);
    waiting.push(looked);
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
  readonly #characters = new Lengths();
  readonly #tokens = new Lengths();
  readonly #media: Record<string, number> = { images: 0, videos: 0, audios: 0 };
  readonly #files: MediaFiles;
  #form: DataForm | undefined;
  #rows = 0;
  #classesGaveUp = false;

  constructor(
    private readonly file: string,
    private readonly options: CheckOptions,
    private readonly others: ReadonlySet<number> | undefined,
  ) {
    this.#form = options.form;
    this.#files = new MediaFiles(options.mediaFolder ?? dirname(file), options.disk);
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
    for (const said of await this.#files.look(read)) this.#say(numbered, said);
    await this.#measure(numbered, read);
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
      characters: this.#characters.spread(),
      tokens: this.#tokens.spread(this.options.viewer?.seeing.overlong(false).limit),
      missing: this.options.viewer?.known.missing ?? [],
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
    this.#characters.add(promptText(read).length);
    for (const key of MEDIA) this.#media[key] = (this.#media[key] ?? 0) + read[key].length;
    if (this.#classesGaveUp || read.solution === undefined) return;
    const solution = typeof read.solution === 'string' ? read.solution : JSON.stringify(read.solution);
    this.#classes.set(solution, (this.#classes.get(solution) ?? 0) + 1);
    this.#classesGaveUp = this.#classes.size > MOST_CLASSES;
    if (this.#classesGaveUp) this.#classes.clear();
  }

  /** In tokens, and what becomes of a prompt that has too many. */
  async #measure(numbered: Numbered, read: DataRecord): Promise<void> {
    if (!this.options.viewer || numbered.row >= MOST_MEASURED) return;
    const { tokens, overlong } = await this.options.viewer.see(read);
    if (tokens !== undefined) this.#tokens.add(tokens);
    if (!overlong) return;
    const text = `It has ${tokens ?? 0} tokens, ${overlong.over} more than ${overlong.limit ?? 0}: ${overlong.says}`;
    this.#say(numbered, { rule: 'too-long', weight: overlong.does === 'refused' ? 'error' : 'warning', text });
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
