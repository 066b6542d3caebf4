import type { RowShown } from '../../src/wire/completionsPanel';

/** Rows are asked for in pages of this many. */
const PAGE = 60;
/** Pages kept while scrolling: a few screens both ways. */
const KEPT = 40;

/** The rows of one view that were asked for; what is not there yet is undefined and comes with `changed`. */
export class RowPages {
  readonly #pages = new Map<number, readonly RowShown[] | undefined>();

  constructor(
    private readonly ask: (from: number, to: number) => Promise<readonly RowShown[]>,
    private readonly changed: () => void,
    /** What stood in these places before, shown until the rows are there. */
    private readonly before: ReadonlyMap<number, readonly RowShown[] | undefined> = new Map(),
  ) {}

  at(index: number): RowShown | undefined {
    const page = Math.floor(index / PAGE);
    return (this.#pages.get(page) ?? this.before.get(page))?.[index % PAGE];
  }

  /** The pages as they are shown now. */
  last(): ReadonlyMap<number, readonly RowShown[] | undefined> {
    return new Map([...this.before, ...[...this.#pages].filter(([, rows]) => rows !== undefined)].slice(-KEPT));
  }

  /** Asks for every page that rows [from, to) touch and that is not there. */
  want(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (this.#pages.has(page)) continue;
      this.#pages.set(page, undefined);
      this.ask(page * PAGE, (page + 1) * PAGE).then(
        (rows) => this.keep(page, rows),
        () => this.#pages.delete(page),
      );
    }
  }

  private keep(page: number, rows: readonly RowShown[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
    const oldest = this.#pages.keys().next();
    if (this.#pages.size > KEPT && !oldest.done) this.#pages.delete(oldest.value);
    this.changed();
  }
}
