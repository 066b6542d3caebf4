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

/** What is certain after the branches: nothing of a value; of an array the elements that all of them begin with. */
function merged({ span, exported, array }: Variable, others: readonly (Variable | undefined)[]): Variable {
  const kept = { span, ...(exported ? { exported } : {}) };
  const arrays = others.map((other) => other?.array);
  if (!array || arrays.length === 0 || !arrays.every((other) => other !== undefined)) return kept;
  const same = array.findIndex((word, at) => !arrays.every((other) => other[at] === word));
  const unknown: Word = { span, pieces: [{ text: undefined, span, quoted: true }], open: true };
  return { ...kept, array: [...array.slice(0, same < 0 ? array.length : same), unknown] };
}
