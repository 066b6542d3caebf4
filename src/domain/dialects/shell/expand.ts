import type { Span } from '../../config/finding';
import { moved } from '../shift';
import { arithmetic } from './arithmetic';
import type { Part, Use, WordToken } from './token';

/** A stretch of an expanded word; `text` undefined where only running the script would tell. */
export interface Piece {
  readonly text: string | undefined;
  readonly span: Span;
  readonly quoted: boolean;
  readonly variable?: string;
}

/** One argument as the program receives it. */
export interface Word {
  readonly span: Span;
  /** Where the places of the word and its pieces count from: what a stretch of the script says stands wherever it moves. */
  readonly base: number;
  readonly pieces: readonly Piece[];
  /** `"$@"` and its like: any number of words, none known. */
  readonly open?: boolean;
  /** What brought it here, where it does not stand in the command: words that one thing brought stand beside each other. */
  readonly by?: object;
}

/** What a name stands for at a point of the script. */
export interface Variable {
  /** The value; undefined where it is not known. */
  readonly pieces?: readonly Piece[];
  readonly array?: readonly Word[];
  readonly span: Span;
  /** Where the places of the span and the pieces count from. */
  readonly base: number;
  readonly exported?: boolean;
}

export type Variables = ReadonlyMap<string, Variable>;

/** Longest text that a variable may stand for, so that doubling loops stay small. */
const LIMIT = 20_000;

/** The word's text; undefined where a piece is unknown. */
export function textOf(word: { readonly pieces: readonly Piece[] }): string | undefined {
  let text = '';
  for (const piece of word.pieces) {
    if (piece.text === undefined || text.length > LIMIT) return undefined;
    text += piece.text;
  }
  return text;
}

/** A word of the script with the offset that its places count from. */
interface Located {
  readonly token: WordToken;
  readonly base: number;
}

/** The arguments that one word of the script becomes: none for an empty variable, several for an array. */
export function expand(token: WordToken, base: number, variables: Variables): Word[] {
  for (const part of token.parts)
    if (several(part, base, variables))
      return joined(
        { token, base },
        variables,
        token.parts.map((one) => several(one, base, variables)),
      );
  return whole(token, base, variables);
}

/** A word of which every part is one piece. */
function whole(token: WordToken, base: number, variables: Variables): Word[] {
  const pieces = value(token.parts, variables);
  const vanishes = pieces.every(({ quoted, text }) => !quoted && text === '');
  return vanishes ? [] : [{ span: token.span, base, pieces }];
}

/** A word with an array in it: its first and last elements join what stands before and behind. */
function joined(
  { token, base }: Located,
  variables: Variables,
  many: readonly (readonly Word[] | undefined)[],
): Word[] {
  const words: Word[] = [];
  const alone = token.parts.length === 1 || token.parts[0]?.kind !== 'variable';
  let current: Word | undefined;
  const finish = (): void => {
    const vanishes = current && textOf(current) === '' && !current.pieces.some((piece) => piece.quoted);
    if (current && !vanishes) words.push(current);
    current = undefined;
  };
  for (const [index, part] of token.parts.entries()) {
    const list = many[index] ?? [{ span: token.span, base, pieces: [pieceOf(part, variables)] }];
    for (const [at, word] of list.entries()) {
      if (at > 0) finish();
      if (current) current = { span: token.span, base, pieces: [...rebased(current, base), ...rebased(word, base)] };
      else current = alone ? word : { ...word, open: false };
    }
  }
  finish();
  return words;
}

/** Pieces with their places counted from another offset. */
export function rebased(
  of: { readonly pieces: readonly Piece[]; readonly base: number },
  base: number,
): readonly Piece[] {
  const by = of.base - base;
  if (by === 0) return of.pieces;
  return of.pieces.map((piece) => ({ ...piece, span: moved(piece.span, by) }));
}

/** What the parts stood for when they were last asked, so that what was made of it can be known by it. */
const before = new WeakMap<readonly Part[], readonly Piece[]>();

/** The pieces of a value that is not split (right of `=`, inside quotes): the same ones as before where they say the same. */
export function value(parts: readonly Part[], variables: Variables): readonly Piece[] {
  if (parts.every((part) => part.kind === 'literal')) return parts;
  const known = before.get(parts);
  if (known && parts.every((part, at) => textIn(part, variables) === known[at]?.text)) return known;
  const pieces = parts.map((part) => pieceOf(part, variables));
  before.set(parts, pieces);
  return pieces;
}

type VariablePart = Extract<Part, { kind: 'variable' }>;

/** Words of `"${args[@]}"`, or of an unquoted `$ARGS` that holds blanks; undefined where the part is one piece. */
function several(part: Part, base: number, variables: Variables): readonly Word[] | undefined {
  if (part.kind !== 'variable') return undefined;
  const variable = variables.get(part.name);
  const elements = part.use.all ? elementsOf(part.use, variable) : undefined;
  if (elements) return elements;
  const { all, changed, fallback, from, required } = part.use;
  const unset = !variable?.pieces && !fallback;
  if (all && (changed || unset || from !== undefined)) return [anyWords(part, base)];
  if (part.quoted || changed) return undefined;
  if (!variable?.pieces) return unset && !required ? [anyWords(part, base)] : undefined;
  return variable.pieces.some(({ text }) => /\s/.test(text ?? ''))
    ? splitWords(variable.pieces, variable.base)
    : undefined;
}

/** The elements of an array that are asked for; undefined where they are not known, or a default stands for them. */
function elementsOf({ from = 0, changed, fallback }: Use, variable: Variable | undefined): readonly Word[] | undefined {
  const array = changed ? undefined : variable?.array;
  if (!array || (array.length === 0 && fallback)) return undefined;
  if (from === 0) return array;
  return array.slice(0, from).some(({ open }) => open) ? undefined : array.slice(from);
}

function anyWords(part: Part, base: number): Word {
  return { span: part.span, base, pieces: [unknown(part)], open: true };
}

function splitWords(pieces: readonly Piece[], base: number): Word[] {
  const words: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.text === undefined) words.at(-1)?.push(piece);
    for (const found of (piece.text ?? '').matchAll(/\s+|[^\s]+/g)) {
      const start = piece.span.start + found.index;
      const exact = piece.span.end - piece.span.start === (piece.text ?? '').length;
      const span = exact ? { start, end: start + found[0].length } : piece.span;
      if (/^\s/.test(found[0])) words.push([]);
      else words.at(-1)?.push({ ...piece, text: found[0], span });
    }
  }
  const found = words.filter((word) => word.length > 0);
  return found.map((word) => ({ span: spanOf(word), base, pieces: word, by: pieces }));
}

/** Words that a variable brings to where it is used. */
export function broughtBy(by: object, words: readonly Word[]): Word[] {
  return words.map((word) => (word.by ? word : { ...word, by }));
}

function spanOf(pieces: readonly Piece[]): Span {
  return { start: pieces[0]?.span.start ?? 0, end: pieces.at(-1)?.span.end ?? 0 };
}

function unknown(part: Part): Piece {
  const { span } = part;
  if (part.kind === 'variable') return { text: undefined, span, quoted: part.quoted, variable: part.name };
  return { text: undefined, span, quoted: part.kind !== 'arithmetic' && part.quoted };
}

function pieceOf(part: Part, variables: Variables): Piece {
  if (part.kind === 'literal') return part;
  const text = textIn(part, variables);
  const { span } = part;
  if (part.kind === 'arithmetic') return { text, span, quoted: true };
  if (part.kind === 'unknown') return unknown(part);
  return { text, span, quoted: part.quoted, variable: part.name };
}

/** What a part stands for, as text; undefined where only running the script would tell. */
function textIn(part: Part, variables: Variables): string | undefined {
  if (part.kind === 'literal') return part.text;
  if (part.kind === 'arithmetic') return arithmetic(part.text, lookup(variables));
  return part.kind === 'unknown' || part.use.changed ? undefined : variableText(part, variables);
}

function lookup(variables: Variables): (name: string) => string | undefined {
  return (name) => {
    const pieces = variables.get(name)?.pieces;
    return pieces && textOf({ pieces });
  };
}

function variableText(part: VariablePart, variables: Variables): string | undefined {
  const variable = variables.get(part.name);
  const array = variable?.array;
  const text = array ? textOf(array[0] ?? { pieces: [] }) : variable?.pieces && textOf({ pieces: variable.pieces });
  const { fallback, emptyToo } = part.use;
  if (fallback === undefined) return text;
  if (!variable || (text === '' && emptyToo)) return textOf({ pieces: value(fallback, variables) });
  return text;
}
