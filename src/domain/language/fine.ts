import type { Framework } from '../frameworks/framework';
import type { Catalogue } from '../config/parameter';
import type { Setting } from '../config/sheet';
import type { Judged } from './resolve';

/** A setting of each path that was checked by itself and was fine, by the way in which sheets are judged. */
const fine = new WeakMap<Catalogue, Map<string, Map<string, Setting>>>();
const MOST = 20_000;

/** What was found to be fine in sheets that are judged like this one: what did not change is not checked again. */
export function fineSettings({ sheet, framework, catalogue }: Judged): Map<string, Setting> {
  const ways = fine.get(catalogue) ?? new Map<string, Map<string, Setting>>();
  fine.set(catalogue, ways);
  const way = [framework.id, sheet.dialect, framework.judges(sheet), wayOf(framework, sheet)].join(' ');
  const known = ways.get(way);
  if (known && known.size < MOST) return known;
  const fresh = new Map<string, Setting>();
  ways.set(way, fresh);
  return fresh;
}

const wayOf = ({ way }: Framework, sheet: Judged['sheet']): string => way?.(sheet) ?? '';

/** Do two settings of one path agree in all that a check looks at? Their places are left out. */
export function checksAlike(left: Setting, right: Setting): boolean {
  return (
    left.text === right.text &&
    left.prefix === right.prefix &&
    left.section === right.section &&
    kindOf(left.value) === kindOf(right.value) &&
    (left.valueSpan === undefined) === (right.valueSpan === undefined) &&
    (left.variable === undefined) === (right.variable === undefined) &&
    left.items?.length === right.items?.length
  );
}

function kindOf(value: Setting['value']): string {
  return value === null ? 'null' : typeof value;
}
