import { isAbsolute, join } from 'node:path';
import { languageOf, readDocument } from '../../domain/dialects/all';
import { judge } from '../../domain/frameworks/which';
import { INPUTS, type Wish } from '../../domain/runs/launch';
import { composed } from '../../domain/language/composed';
import { factsOf } from '../../domain/language/compose';
import type { Judged } from '../../domain/language/resolve';
import { isSecret, redact, REDACTED } from '../../domain/secret';
import { quoteAll } from '../quote';
import { fileText } from './fileText';

/** A launch's settings by their path as they will hold; null stands for what only running would tell. */
export type Composed = Readonly<Record<string, unknown>>;

type Reader = (path: string) => string | undefined;

/**
 * The configuration of a wish as composed: of its own words, or of the script or configuration that they name, the files
 * named there included. Undefined where nothing in it is written for a framework that is known.
 */
export function composedOf(wish: Wish): Composed | undefined {
  const file = readerOf(wish);
  const [first] = judgedIn('shellscript', quoteAll(wish.command), wish);
  const judged = first && hasSettings(first, file) ? first : named(wish, file);
  if (!judged) return undefined;
  const known = Object.entries(wish.env ?? {}).flatMap(([name, value]) => (isSecret(name, value) ? [value] : []));
  const settings = composed(factsOf(judged, { file }), false);
  return Object.fromEntries(settings.map(({ path, value }) => [path, clean(path, value ?? null, known)]));
}

/** Of the texts that the words name, the first that is written for a framework. */
function named(wish: Wish, file: Reader): Judged | undefined {
  for (const word of wish.command) {
    const language = languageOf(word);
    const text = language === undefined || language === 'python' ? undefined : file(word);
    const judged = text === undefined ? [] : judgedIn(language ?? '', text, wish);
    const found = judged.find((one) => hasSettings(one, file));
    if (found) return found;
  }
  return undefined;
}

function hasSettings(judged: Judged, file: Reader): boolean {
  return composed(factsOf(judged, { file }), false).length > 0;
}

function judgedIn(language: string, text: string, { framework }: Wish): Judged[] {
  const { sheets } = readDocument(language, text, undefined);
  const wanted = framework === 'own' ? {} : { framework };
  return sheets.flatMap((sheet) => judge(sheet, wanted) ?? []);
}

/** Texts that were given with the wish by their name; on this machine also the files themselves. */
function readerOf({ inputs = [], cwd, target }: Wish): Reader {
  const disk: Reader = target === 'here' ? fileText : () => undefined;
  return (path) => {
    const name = path.replace(`${INPUTS}/`, '');
    const given = inputs.find((input) => input.path === path || input.path.split(/[\\/]/).at(-1) === name);
    return given?.text ?? disk(isAbsolute(path) ? path : join(cwd, path));
  };
}

function clean(path: string, value: unknown, known: readonly string[]): unknown {
  if (typeof value !== 'string') return value;
  return isSecret(path.split('.').at(-1) ?? path, value) ? REDACTED : redact(value, known);
}
