import type { Span } from '../config/finding';
import { extentOf, type Setting, type Sheet } from '../config/sheet';
import { isSecret } from '../secret';

/** One entry of a document's outline; `children` lie within `span`. */
export interface Entry {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'command' | 'section' | 'setting';
  readonly span: Span;
  readonly key: Span;
  readonly children: readonly Entry[];
}

/** The commands, sections and settings of a sheet, as a tree. */
export function outline(sheet: Sheet): Entry[] {
  const inside = sheet.settings.filter(({ key }) => key.start >= sheet.span.start && key.end <= sheet.span.end);
  const entries = nested(inside.filter(({ path }) => path !== ''));
  if (sheet.command.length === 0) return entries;
  const key = sheet.commandSpan ?? sheet.span;
  const name = sheet.command.join(' ');
  return [{ name, detail: '', kind: 'command', span: sheet.span, key, children: entries }];
}

interface Open {
  readonly entry: Entry & { readonly children: Entry[] };
  readonly prefix: string;
}

/** What a section holds follows it, with its path in front. */
function nested(settings: readonly Setting[]): Entry[] {
  const roots: Entry[] = [];
  const open: Open[] = [];
  for (const setting of settings) {
    while (open.length > 0 && !setting.path.startsWith(open.at(-1)?.prefix ?? '')) open.pop();
    const above = open.at(-1);
    const entry = entryOf(setting, above?.prefix.length ?? 0);
    (above?.entry.children ?? roots).push(entry);
    if (setting.section) open.push({ entry, prefix: `${setting.path}.` });
  }
  return roots;
}

function entryOf(setting: Setting, above: number): Entry & { readonly children: Entry[] } {
  const { path, key, text, section } = setting;
  const detail = text === undefined || section ? '' : isSecret(path, text) ? '…' : text.slice(0, 80);
  const kind = section ? 'section' : 'setting';
  return { name: path.slice(above), detail, kind, span: extentOf(setting) ?? key, key, children: [] };
}
