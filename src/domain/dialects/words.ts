import type { Finding, Span } from '../finding';
import type { EnvironmentSetting } from '../sheet';
import { expand, textOf, value, type Piece, type Variable, type Word } from './shell/expand';
import type { Tick } from './dialect';
import { lex } from './shell/lex';
import { Scopes } from './shell/scopes';
import type { RedirectToken, Token, WordToken } from './shell/token';

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
const NO_WORDS: WordToken[] = [];
const NO_REDIRECTS: RedirectToken[] = [];
/** A value of more pieces is given up: it doubles in a loop. */
const MOST_PIECES = 2000;
const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=/;

/** Reads a script once, in order, keeping what each variable stands for; bodies of functions last. */
export function readScript(text: string, tick?: Tick): Script {
  const { tokens, findings } = lex(text, tick);
  const walk = new Walk(text, [...findings], tick);
  walk.run(tokens, 0, tokens.length);
  walk.finish();
  return walk;
}

class Walk implements Script {
  readonly commands: (ShellCommand & { readonly words: Word[] })[] = [];
  readonly files: WrittenFile[] = [];
  readonly assigned = new Map<string, Span>();
  readonly #scopes = new Scopes();
  readonly #bodies: { readonly tokens: readonly Token[]; readonly from: number; readonly to: number }[] = [];

  constructor(
    private readonly text: string,
    readonly findings: Finding[],
    private readonly tick?: Tick,
  ) {}

  run(tokens: readonly Token[], from: number, to: number): void {
    let at = from;
    while (at < to) {
      this.tick?.();
      const body = this.functionAt(tokens, at, to);
      at = body ?? this.simple(tokens, at, to);
    }
  }

  /** Functions see what the script had set by its end, which is when most are called. */
  finish(): void {
    for (let body = this.#bodies.shift(); body; body = this.#bodies.shift()) this.run(body.tokens, body.from, body.to);
  }

  /** Past the function that starts here; undefined where none does. */
  private functionAt(tokens: readonly Token[], at: number, to: number): number | undefined {
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
    this.#bodies.push({ tokens, from: start + 1, to: end });
    return end + 1;
  }

  /** Reads one simple command and returns where the next begins. */
  private simple(tokens: readonly Token[], from: number, to: number): number {
    let words: WordToken[] = NO_WORDS;
    let redirects: RedirectToken[] = NO_REDIRECTS;
    let header = false;
    let at = from;
    for (; at < to; at++) {
      const token = tokens[at];
      if (token === undefined || token.kind === 'operator') break;
      if (token.kind === 'redirect') redirects = [...redirects, token];
      if (token.kind !== 'word') continue;
      const text = words.length === 0 ? plain(token) : undefined;
      if (text !== undefined && this.isKeyword(text)) {
        if (text === 'for') this.loop(tokens, at + 1);
        header ||= HEADERS.has(text);
        continue;
      }
      if (words.length < FEW) words = [...words, token];
      else words.push(token);
    }
    const operator = tokens[at];
    const end = operator === undefined ? this.text.length : operator.span.start;
    if (words.length > 0 && !header) this.command(words, redirects, end);
    if (operator?.kind === 'operator' && BRANCHES.has(operator.text)) this.#scopes.branch(false);
    return at + 1;
  }

  private isKeyword(text: string): boolean {
    if (OPENERS.has(text)) this.#scopes.open();
    else if (BRANCHES.has(text)) this.#scopes.branch(text === 'else');
    else if (CLOSERS.has(text)) this.#scopes.close();
    else return NOISE.has(text);
    return true;
  }

  /** The variable of a `for` takes many values: unknown inside. */
  private loop(tokens: readonly Token[], at: number): void {
    const name = plain(tokens[at]);
    const span = tokens[at]?.span;
    if (name !== undefined && span) this.#scopes.set(name, { span });
  }

  private command(tokens: readonly WordToken[], redirects: readonly RedirectToken[], end: number): void {
    const first = tokens.findIndex(isNoAssignment);
    const head = plain(tokens[first]);
    if (first < 0 || DECLARES.has(head ?? '')) {
      for (const token of tokens) if (token !== tokens[first]) this.assign(token, head === 'export');
      return;
    }
    const assignments = tokens.slice(0, first);
    const rest = tokens.slice(first);
    this.writes(rest, redirects);
    const words = rest.flatMap((token) => expand(token, this.#scopes.variables));
    const span = { start: tokens[0]?.span.start ?? 0, end };
    if (this.continues(words, span)) return;
    this.commands.push({ span, words, environment: this.environment(assignments) });
  }

  /** A line of arguments alone was meant for the command above it, which a comment or an empty line ended. */
  private continues(words: readonly Word[], span: Span): boolean {
    const head = words[0] && textOf(words[0]);
    const above = this.commands.at(-1);
    if (!above || head === undefined || !/^(--[a-zA-Z]|[+~]{0,2}[a-z_]\w*(\.\w+)+=)/.test(head)) return false;
    const between = this.text.slice(above.span.end, span.start);
    if (!/^(\s|#.*)*$/.test(between)) return false;
    above.words.push(...words);
    this.commands[this.commands.length - 1] = { ...above, span: { start: above.span.start, end: span.end } };
    this.findings.push({
      span: words[0]?.span ?? span,
      weight: 'error',
      rule: 'broken-continuation',
      text: `${head} is not passed on: the command above ends before this line (a comment, an empty line or a missing \\).`,
    });
    return true;
  }

  private assign(token: WordToken, exported: boolean): void {
    const found = assignmentOf(token);
    const name = found?.name ?? plain(token);
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) return;
    const before = this.#scopes.variables.get(name);
    if (!found) {
      if (before && exported) this.#scopes.set(name, { ...before, exported: true });
      return;
    }
    this.assigned.set(name, token.span);
    const variable = this.variable(token, found, before);
    this.#scopes.set(name, exported || before?.exported ? { ...variable, exported: true } : variable);
  }

  private variable(token: WordToken, found: Assignment, before: Variable | undefined): Variable {
    if (token.array) {
      const words = token.array.flatMap((element) => expand(element, this.#scopes.variables));
      return { span: token.span, array: found.appends ? [...(before?.array ?? []), ...words] : words };
    }
    const pieces = value(found, this.#scopes.variables);
    const all = found.appends ? [...(before?.pieces ?? []), ...pieces] : pieces;
    return all.length > MOST_PIECES ? { span: token.span } : { span: token.span, pieces: all };
  }

  private environment(prefix: readonly WordToken[]): EnvironmentSetting[] {
    const settings: EnvironmentSetting[] = [];
    for (const [name, { exported, span, pieces }] of this.#scopes.variables) {
      if (exported) settings.push(environmentSetting(name, span, pieces));
    }
    for (const token of prefix) {
      const found = assignmentOf(token);
      if (found) settings.push(environmentSetting(found.name, token.span, value(found, this.#scopes.variables)));
    }
    return settings;
  }

  /** `cat > x.yaml <<EOF` and `tee x.yaml <<EOF`. */
  private writes(words: readonly WordToken[], redirects: readonly RedirectToken[]): void {
    const body = redirects.find((redirect) => redirect.body)?.body;
    const copied = plain(words[0]) === 'tee' ? words.find((word, at) => at > 0 && plain(word) !== '-a') : undefined;
    const target = redirects.find((redirect) => redirect.text === '>' || redirect.text === '>|')?.word ?? copied;
    const path = target && textOf({ pieces: value(target, this.#scopes.variables) });
    if (body && path !== undefined) this.files.push({ path, ...body });
  }
}

function isNoAssignment({ parts }: WordToken): boolean {
  const head = parts[0];
  return head?.kind !== 'literal' || head.quoted || !ASSIGNMENT.test(head.text);
}

interface Assignment {
  readonly name: string;
  readonly appends: boolean;
  /** What stands right of `=`. */
  readonly parts: WordToken['parts'];
}

/** `NAME=…` as a word; undefined for every other word. */
function assignmentOf(token: WordToken): Assignment | undefined {
  const [head, ...rest] = token.parts;
  if (head?.kind !== 'literal' || head.quoted) return undefined;
  if (!ASSIGNMENT.test(head.text)) return undefined;
  const equals = head.text.indexOf('=');
  const appends = head.text.charAt(equals - 1) === '+';
  const name = head.text.slice(0, appends ? equals - 1 : equals);
  if (equals + 1 === head.text.length) return { name, appends, parts: rest };
  const span = { start: head.span.start + equals + 1, end: head.span.end };
  const tail = { kind: 'literal', text: head.text.slice(equals + 1), span, quoted: false } as const;
  return { name, appends, parts: [tail, ...rest] };
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
