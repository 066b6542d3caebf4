import { readDocument } from '../dialects/all';
import { Facts } from '../frameworks/facts';
import type { Surroundings } from '../frameworks/framework';
import type { Setting, Sheet } from '../config/sheet';
import type { Judged } from './resolve';

/** The sheets of the files that a sheet names, in the order in which they are read. */
function filesOf(
  { sheet, framework }: Judged,
  { file }: Surroundings,
): { readonly from: Setting['key']; readonly sheet: Sheet }[] {
  return framework.files(sheet).flatMap(({ text, key, valueSpan }) => {
    const written = text === undefined ? undefined : sheet.written?.get(text);
    const content = text === undefined || written ? undefined : file?.(text);
    const read = written ?? (content === undefined ? undefined : readDocument('yaml', content, undefined).sheets[0]);
    return read ? [{ from: valueSpan ?? key, sheet: read }] : [];
  });
}

/** What holds when the sheet is carried out: its files first, then its own words. */
export function factsOf(judged: Judged, around: Surroundings): Facts {
  const files = filesOf(judged, around);
  const given = files.flatMap(({ from, sheet }) =>
    sheet.settings.filter(({ section }) => !section).map((setting) => ({ setting, from })),
  );
  const unread = judged.framework.files(judged.sheet).length > files.length;
  const sheet = unread ? { ...judged.sheet, open: true } : judged.sheet;
  return new Facts({ ...judged, sheet }, around, given);
}
