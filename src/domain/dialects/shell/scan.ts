import type { Finding } from '../../config/finding';

/** Where the reader of a shell text stands, and what it had to remark on the way. */
export class Scan {
  at = 0;
  readonly findings: Finding[] = [];
  #blind = false;

  constructor(
    readonly text: string,
    /** May a quoted string run over a line end? Not while recovering from an unclosed quote. */
    readonly multiline: boolean,
    readonly end = text.length,
  ) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  /** What stands behind the text would have been looked at: something is not closed in it. */
  get blind(): boolean {
    return this.#blind;
  }

  get char(): string {
    return this.at < this.end ? this.text.charAt(this.at) : '';
  }

  peek(count = 1): string {
    return this.at + count < this.end ? this.text.charAt(this.at + count) : '';
  }

  starts(text: string): boolean {
    return this.at + text.length <= this.end && this.text.startsWith(text, this.at);
  }

  /** Matches a sticky expression here; undefined where it does not fit. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    if (!sticky.test(this.text) || sticky.lastIndex > this.end) return undefined;
    return this.text.slice(this.at, sticky.lastIndex);
  }

  /** First place of `close` from here at which brackets and quotes are balanced; -1 if there is none. */
  closing(open: string, close: string, from: number): number {
    let depth = 1;
    for (let at = from; at < this.end; at++) {
      const char = this.text.charAt(at);
      if (char === '\\') at++;
      else if (char === "'" || char === '"') at = this.skipQuote(at, char);
      else if (char === open) depth++;
      else if (char === close && --depth === 0) return at;
    }
    return this.notFound();
  }

  /** First place of a text from there on; -1 if there is none. */
  find(wanted: string, from: number): number {
    const found = this.text.indexOf(wanted, from);
    return found < 0 || found + wanted.length > this.end ? this.notFound() : found;
  }

  /** Remembers that the end was met on the way to something. */
  notFound(): -1 {
    this.#blind ||= this.end === this.text.length;
    return -1;
  }

  private skipQuote(from: number, quote: string): number {
    for (let at = from + 1; at < this.end; at++) {
      const char = this.text.charAt(at);
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) return at;
    }
    this.notFound();
    return from;
  }

  /** The same text between two places; its remarks are not kept. */
  inside(from: number, to: number): Scan {
    const inner = new Scan(this.text, true, to);
    inner.at = from;
    return inner;
  }

  note(rule: string, start: number, end: number, text: string): void {
    this.findings.push({ span: { start, end }, weight: 'error', rule, text });
  }
}
