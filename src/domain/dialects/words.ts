import type { Finding, Span } from '../config/finding';
import type { EnvironmentSetting } from '../config/sheet';
import { environmentSetting } from './shell/environment';
import { broughtBy, expand, rebased, textOf, value, type Variable, type Word } from './shell/expand';
import type { Tick } from './dialect';
import { moved } from './shift';
import { argumentsOf, bodyAt, Functions, isAllArguments, unknownArguments, type Body } from './shell/functions';
import { BRANCHES, CLOSERS, HEADERS, NOISE, OPENERS } from './shell/keywords';
import { Scopes } from './shell/scopes';
import { lex, type Lexed, type Stretches } from './shell/stretches';
import { plain, type Assignment, type Token, type WordToken } from './shell/token';
import { writtenBy, type WrittenFile } from './shell/written';

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

const DECLARES = new Set(['export', 'declare', 'local', 'readonly', 'typeset']);
/** Of these, what they declare in a function is gone behind it. */
const LOCAL = new Set(['declare', 'local', 'typeset']);
/** Arrays that grow take room for many, and most commands have few words. */
const FEW = 4;
const NONE: number[] = [];
/** Functions that call each other are followed so deep. */
const DEEPEST = 20;
/** A value of more pieces is given up: it doubles in a loop. */
const MOST_PIECES = 2000;

/** A variable while it is made. */
type Draft = Omit<Variable, 'exported'> & { exported?: boolean };

/**
 * Reads a script once, in order, keeping what each variable stands for. The body of a function is read where the script
 * calls it, if it does so once; all others come last.
 */
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
  readonly #functions: Functions;
  #depth = 0;
  readonly #tokens: readonly Token[];
  readonly #bases: readonly number[];

  constructor(
    private readonly text: string,
    { tokens, bases, findings }: Lexed,
    private readonly tick?: Tick,
  ) {
    this.#tokens = tokens;
    this.#bases = bases;
    this.#functions = new Functions(tokens);
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
    const nothing = unknownArguments({ span: { start: 0, end: 0 }, base: 0 });
    for (let body = this.#functions.next(); body; body = this.#functions.next()) this.call(body, nothing);
  }

  /** Past the function that starts here; undefined where none does. */
  private functionAt(at: number, to: number): number | undefined {
    const body = bodyAt(this.#tokens, at, to);
    if (!body) return undefined;
    this.#functions.add(body);
    return body.to + 1;
  }

  /** Reads a body in which these variables hold. */
  private call({ from, to }: Body, given: ReadonlyMap<string, Variable | undefined>): void {
    this.#depth++;
    this.#scopes.inside(given, () => this.run(from, to));
    this.#depth--;
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
      const declared = numbers.filter((at) => at !== numbers[first]);
      if (LOCAL.has(head ?? '')) this.local(declared);
      for (const at of declared) this.assign(at, head === 'export');
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
    const prefix = numbers.slice(0, first);
    const body = this.calledAt(rest[0] ?? 0, span);
    if (!body) this.commands.push({ span, words, environment: this.environment(prefix) });
    else {
      const same = rest.length === 2 && isAllArguments(this.word(rest[1]));
      const given = same ? [] : argumentsOf(words.slice(1), { span, base: 0 });
      this.#functions.take(body);
      this.call(body, new Map([...this.prefixed(prefix), ...given]));
    }
  }

  /** The function that a command calls, if its arguments are known; a call that is not written to its end tells none. */
  private calledAt(at: number, { start, end }: Span): Body | undefined {
    const body = this.#depth < DEEPEST ? this.#functions.calledAt(at) : undefined;
    return body && this.findings.some(({ span }) => start <= span.start && span.end <= end) ? undefined : body;
  }

  /** What `NAME=value` in front of a call sets inside the function. */
  private prefixed(prefix: readonly number[]): [string, Variable][] {
    return prefix.flatMap((at): [string, Variable][] => {
      const token = this.word(at);
      if (!token?.assigns) return [];
      const variable = this.variable(token, token.assigns, this.base(at), undefined);
      return [[token.assigns.name, { ...variable, exported: true }]];
    });
  }

  /** A line of arguments alone was meant for the command above it, which a comment or an empty line ended. */
  private continues(words: readonly Word[], span: Span): boolean {
    const [first] = words;
    const head = first && textOf(first);
    const above = this.commands.at(-1);
    if (!above || !first || head === undefined || !/^(--[a-zA-Z]|[+~]{0,2}[a-z_]\w*(\.\w+)+=)/.test(head)) return false;
    const between = this.text.slice(above.span.end, span.start);
    if (span.start < above.span.end || !/^(\s|#.*)*$/.test(between)) return false;
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

  /** `declare -g` is for all. */
  private local(declared: readonly number[]): void {
    const names = declared.map((at) => this.word(at)?.assigns?.name ?? plain(this.word(at)) ?? '');
    if (!names.some((name) => /^-\w*g/.test(name))) for (const name of names) this.#scopes.keep(name);
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
      const elements = token.array.flatMap((element) => expand(element, base, variables));
      const words = broughtBy(token, elements);
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

  private writes(words: readonly number[], numbers: readonly number[]): void {
    const redirects = numbers.flatMap((at) => {
      const token = this.#tokens[at];
      return token?.kind === 'redirect' ? [{ ...token, base: this.base(at) }] : [];
    });
    const tokens = words.map((at) => this.word(at));
    const file = writtenBy(tokens, redirects, this.#scopes.variables);
    if (file) this.files.push(file);
  }
}
