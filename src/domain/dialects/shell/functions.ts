import { broughtBy, type Variable, type Word } from './expand';
import { BRANCHES, CLOSERS, NOISE, OPENERS } from './keywords';
import { isOperator, plain, type Token, type WordToken } from './token';

/** The body of a function, by the numbers of its tokens: from behind its `{` up to its `}`. */
export interface Body {
  readonly name: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** The function that is defined from a token on, before another; undefined where none is. */
export function bodyAt(tokens: readonly Token[], at: number, before: number): Body | undefined {
  const keyword = plain(tokens[at]) === 'function' ? 1 : 0;
  const head = tokens[at + keyword];
  if (head?.kind !== 'word') return undefined;
  const parens = isOperator(tokens[at + keyword + 1], '(') && isOperator(tokens[at + keyword + 2], ')');
  if (!parens && keyword === 0) return undefined;
  let start = at + keyword + (parens ? 3 : 1);
  while (isOperator(tokens[start], '\n')) start++;
  if (plain(tokens[start]) !== '{') return undefined;
  let to = start + 1;
  for (let depth = 1; to < before; to++) {
    if (plain(tokens[to]) === '{') depth++;
    else if (plain(tokens[to]) === '}' && --depth === 0) break;
  }
  return { name: plain(head), from: start + 1, to };
}

/** The functions of a script whose bodies are still to be read. */
export class Functions {
  readonly #waiting: Body[] = [];
  #heads: ReadonlyMap<string, number> | undefined;

  constructor(private readonly tokens: readonly Token[]) {}

  add(body: Body): void {
    this.#waiting.push(body);
  }

  /** The next body of which no arguments are known. One that is called once comes last: a body before it may call it. */
  next(): Body | undefined {
    const many = this.#waiting.findIndex((body) => !this.#isCalledOnce(body));
    return this.#waiting.splice(Math.max(0, many), 1)[0];
  }

  /** The body that the word at a token calls, if it is the only call and the arguments stay as they are. */
  calledAt(at: number): Body | undefined {
    if (this.#waiting.length === 0) return undefined;
    const name = plain(this.tokens[at]);
    const body = this.#waiting.find((one) => one.name === name);
    if (!body || !this.#isCalledOnce(body) || isPattern(this.tokens, at)) return undefined;
    return this.#changesArguments(body) ? undefined : body;
  }

  /** The body is read: it waits no more. */
  take(body: Body): void {
    this.#waiting.splice(this.#waiting.indexOf(body), 1);
  }

  /** Its name begins one command, besides its definition. */
  #isCalledOnce({ name }: Body): boolean {
    this.#heads ??= headsOf(this.tokens);
    return name !== undefined && this.#heads.get(name) === 2;
  }

  #changesArguments({ from, to }: Body): boolean {
    for (let at = from; at < to; at++) {
      const text = plain(this.tokens[at]);
      if (text === 'shift' || (text === 'set' && !/^[-+]\w/.test(plain(this.tokens[at + 1]) ?? ''))) return true;
    }
    return false;
  }
}

/** How often a word begins a command, or a function. */
function headsOf(tokens: readonly Token[]): Map<string, number> {
  const heads = new Map<string, number>();
  for (const [at, token] of tokens.entries()) {
    const text = token.kind === 'word' && begins(tokens[at - 1]) && !isPattern(tokens, at) ? plain(token) : undefined;
    if (text !== undefined) heads.set(text, (heads.get(text) ?? 0) + 1);
  }
  return heads;
}

/** Does a command begin behind this token? */
function begins(token: Token | undefined): boolean {
  if (token?.kind !== 'word') return token === undefined || token.kind === 'operator';
  const text = plain(token) ?? '';
  return token.assigns !== undefined || [OPENERS, BRANCHES, CLOSERS, NOISE].some((words) => words.has(text));
}

/** `a)` and `a|b)` of a `case`. */
function isPattern(tokens: readonly Token[], at: number): boolean {
  let end = at + 1;
  while (isOperator(tokens[end], '|') && tokens[end + 1]?.kind === 'word') end += 2;
  return isOperator(tokens[end], ')') && !isOperator(tokens[at - 1], '(');
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Where a function is called. */
type Place = Pick<Variable, 'span' | 'base'>;

/** Is it `"$@"`, with which a caller passes its own arguments on as they are? */
export function isAllArguments(token: WordToken | undefined): boolean {
  const [part, more] = token?.parts ?? [];
  if (part?.kind !== 'variable' || part.name !== '@' || more) return false;
  return !part.use.changed && part.use.from === undefined && !part.use.fallback;
}

/** `$@`, `$1`, `$2` … inside a function that is called with these words; unknown behind one that may be several words. */
export function argumentsOf(words: readonly Word[], place: Place): Map<string, Variable | undefined> {
  const open = words.findIndex((word) => word.open);
  const variables = new Map<string, Variable | undefined>([['@', { ...place, array: broughtBy(place, words) }]]);
  for (const [at, digit] of DIGITS.entries()) {
    const word = open < 0 || at < open ? words[at] : undefined;
    variables.set(digit, word ?? (open < 0 ? undefined : place));
  }
  return variables;
}

/** The same inside a function of whose calls nothing is known. */
export function unknownArguments(place: Place): Map<string, Variable | undefined> {
  return new Map([['@', undefined], ...DIGITS.map((digit) => [digit, place] as const)]);
}
