import type { Span } from '../../config/finding';

/** A piece of a shell word before anything is put in its place. Places count from the start of its stretch of the script. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string; readonly span: Span; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly span: Span;
      readonly quoted: boolean;
      readonly use: Use;
    }
  | { readonly kind: 'arithmetic'; readonly text: string; readonly span: Span }
  /** `$(…)`, a glob of the shell, anything that only running would tell. */
  | { readonly kind: 'unknown'; readonly span: Span; readonly quoted: boolean };

/** What `${NAME…}` asks of the variable. */
export interface Use {
  /** `:-`, `-`, `:=`, `=` with the words after it. */
  readonly fallback?: readonly Part[];
  readonly emptyToo?: boolean;
  /** `:?`, `?`: it must be set. */
  readonly required?: boolean;
  /** `[@]` or `[*]`. */
  readonly all?: boolean;
  /** Of all of them, so many at the beginning are left out. */
  readonly from?: number;
  /** Cut, replaced, measured: not followed. */
  readonly changed?: boolean;
}

export interface WordToken {
  readonly kind: 'word';
  readonly span: Span;
  readonly parts: readonly Part[];
  /** `name=( … )`: its elements. */
  readonly array?: readonly WordToken[];
  readonly assigns?: Assignment;
}

/** `name=…` as a word. */
export interface Assignment {
  readonly name: string;
  readonly appends: boolean;
  /** What stands right of `=`. */
  readonly parts: readonly Part[];
}

export interface OperatorToken {
  readonly kind: 'operator';
  readonly span: Span;
  /** `;`, `|`, `&&`, a line end as `\n`, `(`, `)`. */
  readonly text: string;
}

/** A redirection with the word or the document that follows it. */
export interface RedirectToken {
  readonly kind: 'redirect';
  readonly span: Span;
  readonly text: string;
  readonly word?: WordToken;
  /** The body of a `<<EOF`. */
  readonly body?: { readonly span: Span; readonly expands: boolean };
}

export interface CommentToken {
  readonly kind: 'comment';
  readonly span: Span;
}

export type Token = WordToken | OperatorToken | RedirectToken | CommentToken;

/** The text of an unquoted one-part word. */
export function plain(token: Token | undefined): string | undefined {
  if (token?.kind !== 'word') return undefined;
  const [part, more] = token.parts;
  return part?.kind === 'literal' && !part.quoted && more === undefined ? part.text : undefined;
}

export function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}
