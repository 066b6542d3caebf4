import { textOf, type Variable, type Variables, type Word } from './expand';

interface Branching {
  readonly before: Variables;
  readonly ends: Variables[];
  /** One of the arms is taken for certain. */
  complete: boolean;
}

/** Variables of a script through its branches: what differs between them is unknown afterwards. */
export class Scopes {
  #current = new Map<string, Variable>();
  readonly #open: Branching[] = [];
  readonly #kept: Map<string, Variable | undefined>[] = [];

  get variables(): Variables {
    return this.#current;
  }

  set(name: string, variable: Variable): void {
    this.#current.set(name, variable);
  }

  open(): void {
    this.#open.push({ before: new Map(this.#current), ends: [], complete: false });
  }

  /** The next arm of an `if` or a `case` starts from what was before it. */
  branch(otherwise: boolean): void {
    const branching = this.#open.at(-1);
    if (!branching) return;
    branching.complete ||= otherwise;
    branching.ends.push(this.#current);
    this.#current = new Map(branching.before);
  }

  /** Carries out what a function does with these variables; they, and what it keeps, are afterwards what they were. */
  inside(given: ReadonlyMap<string, Variable | undefined>, run: () => void): void {
    const before = new Map<string, Variable | undefined>();
    const outer = this.#open.splice(0);
    this.#kept.push(before);
    for (const name of given.keys()) this.keep(name);
    this.#take(given);
    run();
    while (this.#open.length > 0) this.close();
    this.#kept.pop();
    this.#open.push(...outer);
    this.#take(before);
  }

  /** The variable gets its value of now back behind the function that is carried out. */
  keep(name: string): void {
    const kept = this.#kept.at(-1);
    if (kept && !kept.has(name)) kept.set(name, this.#current.get(name));
  }

  #take(variables: ReadonlyMap<string, Variable | undefined>): void {
    for (const [name, variable] of variables) {
      if (variable) this.#current.set(name, variable);
      else this.#current.delete(name);
    }
  }

  close(): void {
    const branching = this.#open.pop();
    if (!branching) return;
    const others = branching.complete ? branching.ends : [...branching.ends, branching.before];
    for (const [name, variable] of this.#current) {
      const elsewhere = others.map((other) => other.get(name));
      if (!elsewhere.every((other) => same(other, variable))) this.#current.set(name, merged(variable, elsewhere));
    }
    for (const other of others) {
      for (const [name, variable] of other) if (!this.#current.has(name)) this.#current.set(name, merged(variable, []));
    }
  }
}

function same(left: Variable | undefined, right: Variable): boolean {
  if (left === right) return true;
  if (!left?.pieces || !right.pieces) return false;
  const text = textOf({ pieces: left.pieces });
  return text !== undefined && text === textOf({ pieces: right.pieces });
}

/**
 * What is certain after the branches: nothing of a value; of an array the elements that all of them begin with, or all of it
 * where the branches differ in values only.
 */
function merged({ span, base, exported, array }: Variable, others: readonly (Variable | undefined)[]): Variable {
  const kept = { span, base, ...(exported ? { exported } : {}) };
  const arrays = others.map((other) => other?.array);
  if (!array || arrays.length === 0 || !arrays.every((other) => other !== undefined)) return kept;
  const alike = array.map((word, at) => common([word, ...arrays.map((other) => other[at])]));
  const differ = alike.indexOf(undefined);
  if (differ < 0 && arrays.every((other) => other.length === array.length))
    return { ...kept, array: alike.filter((word) => word !== undefined) };
  const unknown: Word = { span, base, pieces: [{ text: undefined, span, quoted: true }], open: true };
  const same = array.findIndex((word, at) => !arrays.every((other) => other[at] === word));
  return { ...kept, array: [...array.slice(0, same < 0 ? array.length : same), unknown] };
}

const KEY = /^[^\s=-][^\s=]*=|^-[^\s=]*(?:=|$)/;

/** One word for what stands at the same place in all branches: `key=` with an unknown value; undefined where keys differ. */
function common(words: readonly (Word | undefined)[]): Word | undefined {
  const [first] = words;
  if (!first || words.every((word) => word === first)) return first;
  const texts = words.map((word) => (word && !word.open ? textOf(word) : undefined));
  if (texts.some((text) => text === undefined)) return undefined;
  if (texts.every((text) => text === texts[0])) return first;
  const keys = new Set(texts.map((text) => KEY.exec(text ?? '')?.[0] ?? ''));
  const [key = ''] = keys;
  if (keys.size > 1 || key.startsWith('-')) return undefined;
  const start = first.span.start;
  const named = { start, end: start + key.length };
  const value = { start: named.end, end: first.span.end };
  const known = key === '' ? [] : [{ text: key, span: named, quoted: true }];
  return { ...first, pieces: [...known, { text: undefined, span: value, quoted: true }] };
}
