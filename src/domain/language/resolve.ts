import type { Framework } from '../frameworks/framework';
import type { Catalogue, Parameter } from '../config/parameter';
import type { Sheet } from '../config/sheet';
import { byPath } from './catalogue';

/** A sheet with what judges it: everything that check, hover and suggest start from. */
export interface Judged {
  readonly sheet: Sheet;
  readonly framework: Framework;
  readonly catalogue: Catalogue;
}

export type Resolved =
  | { readonly kind: 'parameter'; readonly parameter: Parameter; readonly how: 'exact' | 'negated' | 'prefix' }
  | { readonly kind: 'ambiguous'; readonly flags: readonly string[] }
  | { readonly kind: 'unknown' };

/** Flags go through argparse, which takes any unique beginning of a flag; files and calls do not. */
const abbreviates = ({ sheet }: Judged): boolean => sheet.dialect === 'flags';

/** Which parameter a key means. */
export function resolve(path: string, judged: Judged): Resolved {
  const known = byPath(judged.catalogue);
  const exact = known.get(path);
  if (exact) return { kind: 'parameter', parameter: exact, how: 'exact' };
  if (!abbreviates(judged) || path === '') return { kind: 'unknown' };
  const negated = path.startsWith('no_') ? known.get(path.slice(3)) : undefined;
  if (negated && negatable(negated)) return { kind: 'parameter', parameter: negated, how: 'negated' };
  return abbreviated(path, known);
}

/** transformers' parser adds `--no_x` to a boolean whose default is true (`hf_argparser.py`, `_parse_dataclass_field`). */
function negatable({ type, default: standard }: Parameter): boolean {
  return type.kind === 'bool' && standard === true;
}

/** argparse compares with every spelling: `--learn` fits `--learning_rate` and `--learning-rate`, which makes it two. */
function abbreviated(path: string, known: ReadonlyMap<string, Parameter>): Resolved {
  const matches: { readonly flag: string; readonly parameter: Parameter; readonly how: 'prefix' | 'negated' }[] = [];
  for (const [name, parameter] of known) {
    for (const how of negatable(parameter) ? (['prefix', 'negated'] as const) : (['prefix'] as const)) {
      const flag = how === 'negated' ? `no_${name}` : name;
      if (!flag.startsWith(path)) continue;
      matches.push({ flag, parameter, how });
      if (!path.includes('_') && flag.includes('_')) matches.push({ flag: flag.replaceAll('_', '-'), parameter, how });
    }
  }
  const [first] = matches;
  if (!first) return { kind: 'unknown' };
  if (matches.length > 1) return { kind: 'ambiguous', flags: matches.map(({ flag }) => flag) };
  return { kind: 'parameter', parameter: first.parameter, how: first.how };
}
