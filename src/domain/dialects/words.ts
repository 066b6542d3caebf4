import type { Finding, Span } from '../config/finding';
import type { EnvironmentSetting } from '../config/sheet';
import { expand, rebased, textOf, value, type Piece, type Variable, type Word } from './shell/expand';
import type { Tick } from './dialect';
import { moved } from './shift';
import { Scopes } from './shell/scopes';
import { lex, type Lexed, type Stretches } from './shell/stretches';
import type { Assignment, Token, WordToken } from './shell/token';

/** A file that the script writes by itself: `cat > x.yaml <<EOF`. */
export interface WrittenFile {
  readonly path: string;
  readonly span: Span;
  /** The shell puts variables in before it is written. */
  readonly expands: boolean;
}

/** One command of a script with its arguments as the program receives them. */
export interface ShellCommand {
  /** From its first word to the end of its last line. */
  readonly span: Span;
  readonly words: readonly Word[];
  readonly environment: readonly EnvironmentSetting[];
}

export interface Script {
  readonly commands: readonly ShellCommand[];
  readonly files: readonly WrittenFile[];
  /** Assignments by name, the last one of each: for go to definition. */
  readonly assigned: ReadonlyMap<string, Span>;
  readonly findings: readonly Finding[];
}

const OPENERS = new Set(['if', 'while', 'until', 'for', 'case', 'select']);
/** What follows them up to the line's end is no command. */
const HEADERS = new Set(['for', 'case', 'select']);
const BRANCHES = new Set(['else', 'elif', ';;', ';&', ';;&']);
const CLOSERS = new Set(['fi', 'done', 'esac']);
const NOISE = new Set(['then', 'do', '{', '}', '!', 'time', 'in', 'function']);
const DECLARES = new Set(['export', 'declare', 'local', 'readonly', 'typeset']);
/** Arrays that grow take room for many, and most commands have few words. */
const FEW = 4;
const NONE: number[] = [];
/** A value of more pieces is given up: it doubles in a loop. */
const MOST_PIECES = 2000;

/** A variable while it is made. */
type Draft = Omit<Variable, 'exported'> & { exported?: boolean };

/** Reads a script once, in order, keeping what each variable stands for; bodies of functions last. */
export function readScript(text: string, known: Stretches | undefined, tick?: Tick): Script {
  const walk = new Walk(text, lex(text, known, tick), tick);
  walk.run(0, walk.length);
  walk.finish();
  return walk;
}

/** Tokens go by their numbers here. */
class Walk implements Script {
  readonly commands: (ShellCommand & { readonly words: Word[] })[] = [];
  readonly files: WrittenFile[] = [];
  readonly assigned = new Map<string, Span>();
  readonly findings: Finding[];
  readonly #scopes = new Scopes();
  readonly #bodies: { readonly from: number; readonly to: number }[] = [];
  readonly #tokens: readonly Token[];
  readonly #bases: readonly number[];

  constructor(
    private readonly text: string,
    { tokens, bases, findings }: Lexed,
    private readonly tick?: Tick,
  ) {
    this.#tokens = tokens;
    this.#bases = bases;
    this.findings = [...findings];
  }

  get length(): number {
    return this.#tokens.length;
  }

  run(from: number, to: number): void {
    let at = from;
    while (at < to) {
      this.tick?.();
      const body = this.functionAt(at, to);
      at = body ?? this.simple(at, to);
    }
  }

  /** Functions see what the script had set by its end, which is when most are called. */
  finish(): void {
    for (let body = this.#bodies.shift(); body; body = this.#bodies.shift()) this.run(body.from, body.to);
  }

  /** Past the function that starts here; undefined where none does. */
  private functionAt(at: number, to: number): number | undefined {
    const tokens = this.#tokens;
    const keyword = plain(tokens[at]) === 'function' ? 1 : 0;
    if (tokens[at + keyword]?.kind !== 'word') return undefined;
    const parens = isOperator(tokens[at + keyword + 1], '(') && isOperator(tokens[at + keyword + 2], ')');
    if (!parens && keyword === 0) return undefined;
    let start = at + keyword + (parens ? 3 : 1);
    while (isOperator(tokens[start], '\n')) start++;
    if (plain(tokens[start]) !== '{') return undefined;
    let end = start + 1;
    for (let depth = 1; end < to; end++) {
      if (plain(tokens[end]) === '{') depth++;
      else if (plain(tokens[end]) === '}' && --depth === 0) break;
    }
    this.#bodies.push({ from: start + 1, to: end });
    return end + 1;
  }

  /** Reads one simple command and returns where the next begins. */
  private simple(from: number, to: number): number {
    const tokens = this.#tokens;
    let [words, redirects] = [NONE, NONE];
    let header = false;
    let at = from;
    for (; at < to; at++) {
      const token = tokens[at];
      if (token === undefined || token.kind === 'operator') break;
      if (token.kind === 'redirect') redirects = [...redirects, at];
      if (token.kind !== 'word') continue;
      const text = words.length === 0 ? plain(token) : undefined;
      if (text !== undefined && this.isKeyword(text)) {
        if (text === 'for') this.loop(at + 1);
        header ||= HEADERS.has(text);
        continue;
      }
      if (words.length < FEW) words = [...words, at];
      else words.push(at);
    }
    const operator = tokens[at];
    const end = operator === undefined ? this.text.length : this.place(at).start;
    if (words.length > 0 && !header) this.command(words, redirects, end);
    if (operator?.kind === 'operator' && BRANCHES.has(operator.text)) this.#scopes.branch(false);
    return at + 1;
  }

  /** Where a token stands in the text. */
  private place(at: number): Span {
    return moved(this.#tokens[at]?.span ?? { start: 0, end: 0 }, this.base(at));
  }

  private base(at: number): number {
    return this.#bases[at] ?? 0;
  }

  private word(at: number | undefined): WordToken | undefined {
    const token = at === undefined ? undefined : this.#tokens[at];
    return token?.kind === 'word' ? token : undefined;
  }

  private isKeyword(text: string): boolean {
    if (OPENERS.has(text)) this.#scopes.open();
    else if (BRANCHES.has(text)) this.#scopes.branch(text === 'else');
    else if (CLOSERS.has(text)) this.#scopes.close();
    else return NOISE.has(text);
    return true;
  }

  /** The variable of a `for` takes many values: unknown inside. */
  private loop(at: number): void {
    const token = this.word(at);
    const name = plain(token);
    if (name !== undefined && token) this.#scopes.set(name, { span: token.span, base: this.base(at) });
  }

  private command(numbers: readonly number[], redirects: readonly number[], end: number): void {
    const first = numbers.findIndex((at) => this.word(at)?.assigns === undefined);
    const head = plain(this.word(numbers[first]));
    if (first < 0 || DECLARES.has(head ?? '')) {
      for (const at of numbers) if (at !== numbers[first]) this.assign(at, head === 'export');
      return;
    }
    const rest = numbers.slice(first);
    if (redirects.length > 0) this.writes(rest, redirects);
    const words: Word[] = [];
    for (const at of rest) {
      const token = this.word(at);
      if (token) for (const word of expand(token, this.base(at), this.#scopes.variables)) words.push(word);
    }
    const span = { start: this.place(numbers[0] ?? 0).start, end };
    if (this.continues(words, span)) return;
    this.commands.push({ span, words, environment: this.environment(numbers.slice(0, first)) });
  }

  /** A line of arguments alone was meant for the command above it, which a comment or an empty line ended. */
  private continues(words: readonly Word[], span: Span): boolean {
    const [first] = words;
    const head = first && textOf(first);
    const above = this.commands.at(-1);
    if (!above || !first || head === undefined || !/^(--[a-zA-Z]|[+~]{0,2}[a-z_]\w*(\.\w+)+=)/.test(head)) return false;
    const between = this.text.slice(above.span.end, span.start);
    if (!/^(\s|#.*)*$/.test(between)) return false;
    above.words.push(...words);
    this.commands[this.commands.length - 1] = { ...above, span: { start: above.span.start, end: span.end } };
    this.findings.push({
      span: moved(first.span, first.base),
      weight: 'error',
      rule: 'broken-continuation',
      text: `${head} is not passed on: the command above ends before this line (a comment, an empty line or a missing \\).`,
    });
    return true;
  }

  private assign(at: number, exported: boolean): void {
    const token = this.word(at);
    if (token?.assigns) this.give(token, token.assigns, at, exported);
    else if (exported) this.exports(plain(token));
  }

  /** `export NAME` of what was assigned before. */
  private exports(name: string | undefined): void {
    const known = name === undefined ? undefined : this.#scopes.variables.get(name);
    if (name !== undefined && known) this.#scopes.set(name, { ...known, exported: true });
  }

  private give(token: WordToken, assigns: Assignment, at: number, exported: boolean): void {
    const { name } = assigns;
    const before = this.#scopes.variables.get(name);
    this.assigned.set(name, this.place(at));
    const variable = this.variable(token, assigns, this.base(at), assigns.appends ? before : undefined);
    if (exported || before?.exported) variable.exported = true;
    this.#scopes.set(name, variable);
  }

  private variable(token: WordToken, { parts }: Assignment, base: number, before: Variable | undefined): Draft {
    const { span } = token;
    const { variables } = this.#scopes;
    if (token.array) {
      const words = token.array.flatMap((element) => expand(element, base, variables));
      return { span, base, array: before?.array ? [...before.array, ...words] : words };
    }
    const pieces = value(parts, variables);
    const all = before?.pieces ? [...rebased({ pieces: before.pieces, base: before.base }, base), ...pieces] : pieces;
    return all.length > MOST_PIECES ? { span, base } : { span, base, pieces: all };
  }

  private environment(prefix: readonly number[]): EnvironmentSetting[] {
    const settings: EnvironmentSetting[] = [];
    for (const [name, { exported, span, base, pieces }] of this.#scopes.variables) {
      if (exported) settings.push(environmentSetting(name, moved(span, base), pieces));
    }
    for (const at of prefix) {
      const found = this.word(at)?.assigns;
      if (found)
        settings.push(environmentSetting(found.name, this.place(at), value(found.parts, this.#scopes.variables)));
    }
    return settings;
  }

  /** `cat > x.yaml <<EOF` and `tee x.yaml <<EOF`. */
  private writes(words: readonly number[], numbers: readonly number[]): void {
    const redirects = numbers.flatMap((at) => {
      const token = this.#tokens[at];
      return token?.kind === 'redirect' ? [{ ...token, base: this.base(at) }] : [];
    });
    const written = redirects.find((redirect) => redirect.body);
    if (!written?.body) return;
    const [first, ...rest] = words.map((at) => this.word(at));
    const copied = plain(first) === 'tee' ? rest.find((word) => plain(word) !== '-a') : undefined;
    const target = redirects.find((redirect) => redirect.text === '>' || redirect.text === '>|')?.word ?? copied;
    const path = target && textOf({ pieces: value(target.parts, this.#scopes.variables) });
    const { expands, span } = written.body;
    if (path !== undefined) this.files.push({ path, expands, span: moved(span, written.base) });
  }
}

function environmentSetting(name: string, span: Span, pieces: readonly Piece[] | undefined): EnvironmentSetting {
  const text = pieces && textOf({ pieces });
  const key = { start: span.start, end: span.start + name.length };
  const valueSpan = { start: key.end + 1, end: span.end };
  return text === undefined ? { name, key, valueSpan } : { name, key, valueSpan, text };
}

/** The text of an unquoted one-part word. */
function plain(token: Token | undefined): string | undefined {
  if (token?.kind !== 'word') return undefined;
  const [part, more] = token.parts;
  return part?.kind === 'literal' && !part.quoted && more === undefined ? part.text : undefined;
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}
