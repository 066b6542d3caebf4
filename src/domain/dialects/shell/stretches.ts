import type { Finding } from '../../config/finding';
import type { Tick } from '../dialect';
import { movedFinding } from '../shift';
import { lexStretch } from './lex';
import { Scan } from './scan';
import type { Token } from './token';

/** Whole lines of a script between which nothing is open, so that they read the same wherever they stand. */
interface Stretch {
  readonly text: string;
  /** Places count from the start of the stretch. */
  readonly tokens: readonly Token[];
  readonly findings: readonly Finding[];
  /** Does it read the same whether or not a quoted string may run over a line end? */
  readonly anyhow: boolean;
  readonly multiline: boolean;
}

/** A script's tokens in order, each with the offset that its places count from. */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly bases: readonly number[];
  readonly findings: readonly Finding[];
}

/** Longer stretches are read anew each time. */
const LONGEST = 20_000;
const MOST = 8000;

/** Stretches that were read before, by their first lines, the newest last: what did not change is not read again. */
export class Stretches {
  readonly #known = new Map<string, Stretch>();

  /** The one that begins with this line and stands in the text there. */
  find(line: string, text: string, at: number, multiline: boolean): Stretch | undefined {
    const known = this.#known.get(line);
    if (!known || (!known.anyhow && known.multiline !== multiline)) return undefined;
    return known.text.length === line.length || text.startsWith(known.text, at) ? known : undefined;
  }

  keep(line: string, stretch: Stretch): Stretch {
    if (this.#known.size >= MOST) for (const old of [...this.#known.keys()].slice(0, MOST / 2)) this.#known.delete(old);
    this.#known.set(line, stretch);
    return stretch;
  }
}

/** A shell text as tokens. Never throws; what cannot be right is a finding. Without `known` it is read as one. */
export function lex(text: string, known: Stretches | undefined, tick?: Tick): Lexed {
  return new Reading(text, true, known, tick).all() ?? new Reading(text, false, known, tick).all() ?? NOTHING;
}

const NOTHING: Lexed = { tokens: [], bases: [], findings: [] };

class Reading {
  readonly #tokens: Token[] = [];
  readonly #bases: number[] = [];
  readonly #findings: Finding[] = [];
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly multiline: boolean,
    private readonly known: Stretches | undefined,
    private readonly tick: Tick | undefined,
  ) {}

  /** Undefined where a quote is not closed and strings may not run over line ends. */
  all(): Lexed | undefined {
    while (this.#at < this.text.length) {
      this.tick?.();
      const stretch = (this.known && this.remembered(this.known)) ?? this.here();
      if (this.multiline && stretch.findings.some(({ rule }) => rule === 'unclosed-quote')) return undefined;
    }
    return { tokens: this.#tokens, bases: this.#bases, findings: this.#findings };
  }

  /** The next stretch where it is kept, or can be: one line by itself is tried first. */
  private remembered(known: Stretches): Stretch | undefined {
    const { text, multiline } = this;
    const end = text.indexOf('\n', this.#at) + 1;
    if (end === 0 || end - this.#at > LONGEST) return undefined;
    const line = text.slice(this.#at, end);
    const found = known.find(line, text, this.#at, multiline) ?? this.alone(line, known);
    if (found) this.take(found, this.#at, found.text.length);
    return found;
  }

  /** Reads a line that nothing follows, and keeps it where nothing is open at its end. */
  private alone(line: string, known: Stretches): Stretch | undefined {
    const read = readAlone(copied(line), this.multiline);
    return read && known.keep(read.text, read);
  }

  /** Reads on in the whole text. */
  private here(): Stretch {
    const scan = new Scan(this.text, this.multiline);
    scan.at = this.#at;
    const tokens = lexStretch(scan, this.tick);
    const text = this.text.slice(this.#at, Math.min(scan.at, this.text.length));
    const stretch = { text, tokens, findings: scan.findings, anyhow: false, multiline: this.multiline };
    const lineEnd = text.indexOf('\n') + 1;
    const alone =
      this.known && !scan.blind && lineEnd > 0 && text.length <= LONGEST && readAlone(copied(text), this.multiline);
    if (alone) this.known?.keep(alone.text.slice(0, lineEnd), alone);
    this.take(stretch, 0, text.length);
    return stretch;
  }

  private take({ tokens, findings }: Stretch, base: number, length: number): void {
    for (const token of tokens) {
      this.#tokens.push(token);
      this.#bases.push(base);
    }
    for (const finding of findings) this.#findings.push(movedFinding(finding, base));
    this.#at += length;
  }
}

/** A stretch that is all of a text; undefined where it is not. */
function readAlone(text: string, multiline: boolean): Stretch | undefined {
  const scan = new Scan(text, multiline);
  const tokens = lexStretch(scan);
  if (scan.blind || scan.at !== text.length || !text.endsWith('\n')) return undefined;
  const { findings } = scan;
  const unclosed = findings.some(({ rule }) => rule === 'unclosed-quote');
  if (multiline && unclosed) return undefined;
  const anyhow = !unclosed && text.indexOf('\n') === text.length - 1;
  return { text, tokens, findings, anyhow, multiline };
}

/** The same text in memory of its own: a slice would keep all of the document it was cut from. */
function copied(text: string): string {
  return ` ${text}`.slice(1);
}
