import type { FrameworkId } from '../frameworks/framework';
import { toScore, type Score } from '../score';

/** One text that the model wrote for one prompt, with what was recorded of it. */
export interface Completion {
  /** Place in the run: 0 for the first row of the first file. */
  readonly row: number;
  /** Training step, or undefined where the record has none. */
  readonly step?: number;
  /** Group this row belongs to: counted over the whole run from 0; undefined where it cannot be known. */
  readonly group?: number;
  readonly prompt: string;
  readonly text: string;
  /** By reward name, in the order of the record. */
  readonly scores: Readonly<Record<string, Score>>;
  readonly advantage: Score;
  /** Every other column of the record, and those joined from the data set (`solution`, `images` …). */
  readonly columns: Readonly<Record<string, unknown>>;
}

/** How the groups of a run were found, and so how far they may be believed. */
export type Grouping =
  | { readonly by: 'id'; readonly column: string }
  | { readonly by: 'order'; readonly size: number; readonly proof: 'args' | 'advantages' }
  | { readonly by: 'unknown'; readonly why: string };

/** A row that could not be read, or a file that could not: counted and shown, never dropped. */
export interface BadRow {
  readonly file: string;
  /** 1-based line in a text file; undefined where the whole file is meant. */
  readonly line?: number;
  readonly message: string;
}

/** One record as its file holds it: a line of JSONL, a row of a parquet file. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Which keys of a record mean what. A key that a record lacks is simply unknown for it. */
export interface Shape {
  readonly framework?: FrameworkId;
  /** For people: `TRL completions`. */
  readonly name: string;
  readonly prompt: string;
  readonly text: string;
  readonly step?: string;
  readonly advantage?: string;
  /** Key whose value, cut by `groupOf`, is the same for all completions of one prompt in one step. */
  readonly group?: string;
  /** How many suffixes `_<word>` stand behind the group's own id. */
  readonly groupSuffixes?: number;
  /** Every value is a list: one line holds several rows. */
  readonly columnar?: boolean;
  /** Key of an object whose members are the scores, if they stand apart. */
  readonly scoresIn?: string;
  /** Keys that are neither text nor score, although they hold numbers. */
  readonly notScores: readonly string[];
  /** The only keys that are scores, where someone said so. */
  readonly scores?: readonly string[];
}

/** What the columns of a record mean, as a person said it: keys of the record. */
export interface Mapping {
  readonly text: string;
  readonly prompt?: string | undefined;
  readonly step?: string | undefined;
  readonly group?: string | undefined;
  readonly advantage?: string | undefined;
  readonly scores: readonly string[];
}

/** Mappings by the keys of the records that they are about. */
export type Mappings = Readonly<Record<string, Mapping>>;

/** The same for all records with the same keys. */
export function mappingKey(keys: readonly string[]): string {
  return [...keys].sort().join('\n');
}

/** The shape that a person gave to records with these keys. */
export function mappedShape(record: RawRecord, mappings: Mappings): Shape | undefined {
  const mapping = mappings[mappingKey(Object.keys(record))];
  if (!mapping) return undefined;
  const { text, prompt = '', scores, ...others } = mapping;
  const optional = Object.entries(others).filter(([, key]) => key !== undefined && key !== '');
  return { name: 'mapped records', text, prompt, ...Object.fromEntries(optional), notScores: [], scores };
}

/** Says how a record is to be understood, if it is of the asked kind; `keys` in the record's order. */
export type Recognise = (record: RawRecord, file: string) => Shape | undefined;

/** Keys of values, besides scores, that stand in columns. */
export function shapeKeys({ step, advantage, group }: Shape): string[] {
  return [step, advantage, group].filter((key) => key !== undefined);
}

/** The record with its scores among its own keys, where they stand in an object of their own. */
export function flatRecord({ scoresIn }: Shape, record: RawRecord): RawRecord {
  const inner = scoresIn === undefined ? undefined : record[scoresIn];
  if (scoresIn === undefined || typeof inner !== 'object' || inner === null) return record;
  const { [scoresIn]: _scores, ...rest } = record;
  return { ...rest, ...inner };
}

/** A score as records hold it: besides what `toScore` knows, numbers and infinities written as texts. */
export function scoreOf(value: unknown): Score {
  if (typeof value !== 'string') return toScore(value);
  const text = value.trim().toLowerCase();
  if (/^[+-]?inf(inity)?$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : toScore(text);
}

/**
 * Keys that hold scores in these records: somewhere a number, a boolean or a score's word, and nowhere a text or list;
 * keys that mean something else left out.
 */
export function scoreKeys(shape: Shape, records: readonly RawRecord[]): string[] {
  const flat = records.map((record) => flatRecord(shape, record));
  const taken = new Set([shape.prompt, shape.text, shape.step, shape.advantage, shape.group, ...shape.notScores]);
  const keys = new Set(flat.flatMap((record) => Object.keys(record)));
  return [...keys].filter((key) => {
    const values = flat.map((record) => record[key]).filter((value) => value !== undefined && value !== null);
    const inner = (name: string): boolean => records.some((record) => isAmong(record, shape.scoresIn, name));
    const told = values.length > 0 || inner(key);
    const apart = shape.scoresIn === undefined || inner(key) || WHOLE_SCORE.test(key);
    if (shape.scores) return shape.scores.includes(key);
    return !taken.has(key) && told && apart && values.every((value) => looksLikeScore(key, value));
  });
}

/** A reward that gave nothing but None is still a reward where scores stand apart. */
function isAmong(record: RawRecord, scoresIn: string | undefined, key: string): boolean {
  const scores = scoresIn === undefined ? undefined : record[scoresIn];
  return typeof scores === 'object' && scores !== null && key in scores;
}

/** Where scores stand apart, other numbers are columns, but for the sum of them. */
const WHOLE_SCORE = /^(reward|score|total)$/;
const SCORE_TEXT = /^([+-]?inf(inity)?|nan|error|none|unknown|withheld)$/i;
/** A number written as text is a score only under a name like these: a solution may be "4" too. */
const SCORE_NAME = /score|reward|acc|correct/i;

function looksLikeScore(key: string, value: unknown): boolean {
  if (typeof value !== 'string') return ['number', 'boolean', 'bigint'].includes(typeof value);
  return SCORE_TEXT.test(value) || (SCORE_NAME.test(key) && typeof scoreOf(value) === 'number');
}

/** A prompt or completion as text: a string as it is, messages by their contents, anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(messageText).join('\n');
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}

function messageText(message: unknown): string {
  if (typeof message !== 'object' || message === null) return textOf(message);
  const { role, content, text, type } = message as Record<string, unknown>;
  if (content !== undefined) return role === undefined ? textOf(content) : `${String(role)}\n${textOf(content)}`;
  if (typeof text === 'string') return text;
  return type === undefined ? JSON.stringify(message) : `<${String(type)}>`;
}
