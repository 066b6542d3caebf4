/** What becomes of the values of a record, once its form is changed: the same for all records of one shape. */
export type Recast =
  /** A value of the old record, by the number of its stand-in. */
  | { readonly slot: number }
  /** Text, of fixed pieces and of texts of the old record. */
  | { readonly pieces: readonly (string | number)[] }
  | { readonly fixed: number | boolean | null }
  | { readonly items: readonly Recast[] }
  | { readonly fields: readonly (readonly [key: string, value: Recast])[] };

/**
 * Values that stand in for those of a record, numbered from 0, so that what a form does with any record of a shape can be
 * seen from what it does with one. Whoever looks into a stand-in instead of passing it on gets an error.
 */
export class StandIns {
  readonly #found = new Map<unknown, number>();
  #count = 0;

  /** Characters that every change of a text shows in: quoted, trimmed, split, or in other case it is not found again. */
  text(): string {
    const text = ` \u0001aA"\\${this.#count}\u0002 `;
    return this.#made(text);
  }

  number(): number {
    return this.#made(9_178_230_000.140625 + this.#count);
  }

  bytes(): Uint8Array {
    return this.#made(new Uint8Array(0));
  }

  list(): readonly unknown[] {
    return this.#made(new Proxy<readonly unknown[]>([], UNSEEN as ProxyHandler<readonly unknown[]>));
  }

  record(): Readonly<Record<string, unknown>> {
    return this.#made(new Proxy({}, UNSEEN));
  }

  /** Where the stand-ins are in a value. Errors: one of them was changed. */
  recast(value: unknown): Recast {
    const slot = typeof value === 'string' ? undefined : this.#found.get(value);
    if (slot !== undefined) return { slot };
    if (typeof value === 'string') return { pieces: pieces(value) };
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return { fixed: value };
    if (Array.isArray(value)) return { items: value.map((item) => this.recast(item)) };
    if (typeof value !== 'object' || value instanceof Uint8Array) throw new Changed();
    return { fields: Object.entries(value).map(([key, inner]) => [key, this.recast(inner)] as const) };
  }

  #made<T>(value: T): T {
    this.#found.set(value, this.#count++);
    return value;
  }
}

/** A stand-in was looked into, or is no longer what it was. */
export class Changed extends Error {}

function looked(): never {
  throw new Changed();
}

/** Its prototype may be asked for: that tells a list, a record and bytes from each other. */
const UNSEEN: ProxyHandler<object> = {
  get: looked,
  has: looked,
  ownKeys: looked,
  getOwnPropertyDescriptor: looked,
  set: looked,
  deleteProperty: looked,
};

const TEXT = / \u0001aA"\\(\d+)\u0002 /;
/** What is left of a stand-in that was changed, or the digits of a number that became text. */
const REMNANT = /[\u0001\u0002]|\\u000[12]|91782\d{5}/;

function pieces(text: string): (string | number)[] {
  const parts = text.split(TEXT).map((part, at) => (at % 2 === 0 ? part : Number(part)));
  if (parts.some((part) => typeof part === 'string' && REMNANT.test(part))) throw new Changed();
  return parts.filter((part) => part !== '');
}
