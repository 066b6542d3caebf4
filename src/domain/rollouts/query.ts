import type { NoScore } from '../score';

/** What a query may speak of in one table. */
export interface QueryNames {
  /** Columns of numbers, rewards among them; a beginning that fits only one of them is enough. */
  readonly numbers: readonly string[];
  /** Columns of text besides `text` and `prompt`. */
  readonly texts: readonly string[];
  readonly flags: readonly string[];
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One condition; all of a query's conditions must hold. */
export type Clause =
  | { readonly kind: 'number'; readonly column: string; readonly operator: Operator; readonly value: number }
  | { readonly kind: 'word'; readonly column: string; readonly is: boolean; readonly word: NoScore }
  /** `column` is undefined for a search in prompt and completion. */
  | { readonly kind: 'text'; readonly column?: string; readonly has: boolean; readonly needle: string | RegExp }
  | { readonly kind: 'flag'; readonly flag: string; readonly has: boolean };

export interface SortKey {
  readonly column: string;
  readonly down: boolean;
}

/** What is wrong with a query, at [start, end) of its text. */
export interface QueryFinding {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Conditions and order of a table's rows; what could not be understood is in `findings` and left out. */
export interface Query {
  readonly clauses: readonly Clause[];
  readonly sort: readonly SortKey[];
  readonly findings: readonly QueryFinding[];
}

/** A word of the query line with its place; quotes and slashes keep blanks together. */
interface Term {
  readonly text: string;
  readonly at: number;
}

const TERM = /(?:"(?:[^"\\]|\\.)*"?|\/(?:[^/\\\s]|\\.)+\/[a-z]*(?=\s|$)|[^\s"])+/g;
const PARTS = /^(-?)([\p{L}_][\p{L}\p{N}_./@-]*)(:|!=|>=|<=|!~|=|>|<|~)([^]*)$/u;
const WORDS: readonly string[] = ['none', 'nan', 'error', 'unknown', 'withheld'] satisfies NoScore[];

/** Reads a query such as `step>100 accuracy=0 text~"wait" flag:truncated sort:-advantage`; never throws. */
export function parseQuery(text: string, names: QueryNames): Query {
  const read = new Reader(names);
  for (const found of text.matchAll(TERM)) read.term({ text: found[0], at: found.index });
  return { clauses: read.clauses, sort: read.sort, findings: read.findings };
}

class Reader {
  readonly clauses: Clause[] = [];
  readonly sort: SortKey[] = [];
  readonly findings: QueryFinding[] = [];

  constructor(private readonly names: QueryNames) {}

  term(term: Term): void {
    const [, minus = '', name = '', operator = '', value = ''] = PARTS.exec(term.text) ?? [];
    const at = term.at + minus.length;
    if (operator === '') return this.#bare(term);
    const place = { at: at + name.length + operator.length, text: value };
    const has = minus === '';
    if (operator === ':') return this.#colon({ at, text: name }, place, has);
    if (operator === '~' || operator === '!~') return this.#text({ at, text: name }, place, has === (operator === '~'));
    return this.#compare({ at, text: name }, operator as Operator, place, has);
  }

  /** A word by itself is looked for in prompt and completion. */
  #bare(term: Term): void {
    const has = !term.text.startsWith('-') || term.text === '-';
    const needle = this.#needle(has ? term : { text: term.text.slice(1), at: term.at + 1 });
    if (needle !== undefined) this.clauses.push({ kind: 'text', has, needle });
  }

  #colon(name: Term, value: Term, has: boolean): void {
    if (name.text === 'sort') return this.#sort(value);
    if (name.text !== 'flag') return this.#say(name, `Write "flag:" or "sort:"; "${name.text}:" is neither.`);
    if (this.names.flags.includes(value.text)) this.clauses.push({ kind: 'flag', flag: value.text, has });
    else this.#say(value, `There is no flag "${value.text}". Flags: ${this.names.flags.join(', ')}.`);
  }

  #sort({ text, at }: Term): void {
    let place = at;
    for (const key of text.split(',')) {
      const down = key.startsWith('-');
      const column = this.#column({ text: down ? key.slice(1) : key, at: place + (down ? 1 : 0) });
      if (column !== undefined) this.sort.push({ column, down });
      place += key.length + 1;
    }
  }

  #compare(name: Term, operator: Operator, value: Term, has: boolean): void {
    if (this.#isText(name.text)) {
      if (operator !== '=' && operator !== '!=') return this.#say(name, `"${name.text}" is text: write ~, = or !=.`);
      return this.#text(name, value, has === (operator === '='));
    }
    const column = this.#column(name);
    if (column === undefined) return;
    const word = value.text.toLowerCase();
    if (WORDS.includes(word)) return this.#word({ column, word: word as NoScore, operator, value }, has);
    const number = numberOf(word);
    if (number === undefined) return this.#say(value, `"${value.text}" is no number and none of ${WORDS.join(', ')}.`);
    const asked = has ? operator : OPPOSITE[operator];
    this.clauses.push({ kind: 'number', column, operator: asked, value: number });
  }

  #word(asked: { column: string; word: NoScore; operator: Operator; value: Term }, has: boolean): void {
    const { column, word, operator, value } = asked;
    if (operator === '=' || operator === '!=') {
      this.clauses.push({ kind: 'word', column, word, is: has === (operator === '=') });
    } else this.#say(value, `"${word}" is no number: it can be equal or not, but neither more nor less.`);
  }

  #text(name: Term, value: Term, has: boolean): void {
    if (!this.#isText(name.text)) {
      const texts = ['text', 'prompt', ...this.names.texts].join(', ');
      return this.#say(name, `"${name.text}" is no column of text. Columns of text: ${texts}.`);
    }
    const needle = this.#needle(value);
    if (needle !== undefined) this.clauses.push({ kind: 'text', column: name.text, has, needle });
  }

  #isText(name: string): boolean {
    return name === 'text' || name === 'prompt' || this.names.texts.includes(name);
  }

  /** `"a text"`, `a-text`, `/a pattern/i`, or a pattern in quotes: `"/a pattern/"`. */
  #needle(term: Term): string | RegExp | undefined {
    const text = unquoted(term.text);
    if (text === undefined) return this.#say(term, 'This quote is not closed.');
    if (text === '') return term.text === '' ? this.#say(term, 'A text to look for is missing here.') : undefined;
    const [, pattern, marks] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
    if (pattern === undefined) return text;
    try {
      return new RegExp(pattern, `${(marks ?? '').replace(/[^ismu]/g, '')}`);
    } catch (error) {
      return this.#say(term, `This pattern cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  /** The column of this name, or the only one that begins so. */
  #column(name: Term): string | undefined {
    const { numbers } = this.names;
    if (numbers.includes(name.text)) return name.text;
    const [stem, statistic] = splitStatistic(name.text);
    const whole = (column: string): string => (statistic === undefined ? column : `${column}.${statistic}`);
    const fitting = numbers.filter(
      (column) =>
        stem !== '' && column.startsWith(stem) && !splitStatistic(column)[1] && numbers.includes(whole(column)),
    );
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) return whole(only);
    const plain = numbers.filter((column) => !splitStatistic(column)[1]);
    if (fitting.length === 0)
      return this.#say(name, `There is no column "${name.text}". Columns: ${plain.join(', ')}.`);
    return this.#say(name, `"${name.text}" could be ${fitting.join(' or ')}.`);
  }

  #say({ at, text }: Term, finding: string): undefined {
    this.findings.push({ start: at, end: at + Math.max(1, text.length), text: finding });
  }
}

const OPPOSITE: Readonly<Record<Operator, Operator>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** Statistics over a row's group, written behind a column: `accuracy.std`, or `group.std` for the total. */
export const STATISTICS = ['mean', 'std', 'min', 'max'] as const;

/** `accuracy.std` → `accuracy`, `std`; other names stay whole. */
export function splitStatistic(name: string): [column: string, statistic?: (typeof STATISTICS)[number]] {
  const statistic = STATISTICS.find((each) => name.endsWith(`.${each}`));
  return statistic === undefined ? [name] : [name.slice(0, -1 - statistic.length), statistic];
}

function numberOf(text: string): number | undefined {
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? undefined : number;
}

function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return text;
  if (text.length < 2 || !/[^\\](?:\\\\)*"$/.test(text)) return undefined;
  return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
}
