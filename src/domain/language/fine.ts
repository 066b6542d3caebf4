import type { Framework } from '../frameworks/framework';
import type { Catalogue } from '../parameter';
import type { Setting } from '../sheet';
import type { Judged } from './resolve';

/** Settings of each catalogue that were checked by themselves and were fine, by the way in which sheets are judged. */
const fine = new WeakMap<Catalogue, Map<string, Set<string>>>();
const MOST = 20_000;

/** What was found to be fine in sheets that are judged like this one: what did not change is not checked again. */
export function fineSettings({ sheet, framework, catalogue }: Judged): Set<string> {
  const ways = fine.get(catalogue) ?? new Map<string, Set<string>>();
  fine.set(catalogue, ways);
  const way = [framework.id, sheet.dialect, framework.judges(sheet), wayOf(framework, sheet)].join(' ');
  const known = ways.get(way);
  if (known && known.size < MOST) return known;
  const fresh = new Set<string>();
  ways.set(way, fresh);
  return fresh;
}

const wayOf = ({ way }: Framework, sheet: Judged['sheet']): string => way?.(sheet) ?? '';

/** All of a setting that its own check looks at: its places left out. */
export function signature({ path, prefix, text, value, valueSpan, section, variable, items }: Setting): string {
  const kind = value === null ? 'null' : typeof value;
  const marks = `${section ? 's' : ''}${valueSpan ? 'v' : ''}${variable === undefined ? '' : '$'}${items?.length ?? ''}`;
  return `${prefix ?? ''}${path} ${kind} ${marks} ${text ?? ''}`;
}
