import type { Span } from '../../config/finding';
import { moved } from '../shift';
import { textOf, value, type Variables } from './expand';
import { plain, type RedirectToken, type WordToken } from './token';

/** A file that the script writes by itself: `cat > x.yaml <<EOF`. */
export interface WrittenFile {
  readonly path: string;
  readonly span: Span;
  /** The shell puts variables in before it is written. */
  readonly expands: boolean;
}

/** A redirection with the offset that its places count from. */
export interface PlacedRedirect extends RedirectToken {
  readonly base: number;
}

/** What `cat > x.yaml <<EOF` and `tee x.yaml <<EOF` write; undefined for every other command. */
export function writtenBy(
  [first, ...rest]: readonly (WordToken | undefined)[],
  redirects: readonly PlacedRedirect[],
  variables: Variables,
): WrittenFile | undefined {
  const written = redirects.find((redirect) => redirect.body);
  if (!written?.body) return undefined;
  const copied = plain(first) === 'tee' ? rest.find((word) => plain(word) !== '-a') : undefined;
  const target = redirects.find((redirect) => redirect.text === '>' || redirect.text === '>|')?.word ?? copied;
  const path = target && textOf({ pieces: value(target.parts, variables) });
  const { expands, span } = written.body;
  return path === undefined ? undefined : { path, expands, span: moved(span, written.base) };
}
