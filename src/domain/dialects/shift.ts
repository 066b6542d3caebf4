import type { Finding, Span } from '../config/finding';
import type { Setting, Sheet } from '../config/sheet';

/** A place further on in the text. */
export function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** A setting further on in the text; where its variable is assigned counts from the same place. */
export function movedSetting(one: Setting, by: number): Setting {
  if (by === 0) return one;
  const made: Draft = { ...one, key: moved(one.key, by) };
  if (one.valueSpan) made.valueSpan = moved(one.valueSpan, by);
  if (one.definition) made.definition = moved(one.definition, by);
  if (one.items) made.items = one.items.map((item) => ({ ...item, span: moved(item.span, by) }));
  return made;
}

/** A setting while it is made: no copies for what it may or may not have. */
export type Draft = { -readonly [Name in keyof Setting]: Setting[Name] };

/** A sheet that was read from a piece of a text, with its places in the whole. */
export function shifted(sheet: Sheet, by: number): Sheet {
  if (by === 0) return sheet;
  const setting = (one: Setting): Setting => movedSetting(one, by);
  return {
    ...sheet,
    span: moved(sheet.span, by),
    ...(sheet.commandSpan ? { commandSpan: moved(sheet.commandSpan, by) } : {}),
    settings: sheet.settings.map(setting),
    environment: sheet.environment.map((one) => ({
      ...one,
      key: moved(one.key, by),
      ...(one.valueSpan ? { valueSpan: moved(one.valueSpan, by) } : {}),
    })),
    positional: sheet.positional.map((one) => ({ ...one, span: moved(one.span, by) })),
    ...(sheet.options ? { options: sheet.options.map(setting) } : {}),
    ...(sheet.written ? { written: new Map([...sheet.written].map(([path, one]) => [path, shifted(one, by)])) } : {}),
    findings: sheet.findings.map((finding) => movedFinding(finding, by)),
  };
}

/** A finding with its fixes, further on in the text. */
export function movedFinding(finding: Finding, by: number): Finding {
  if (by === 0) return finding;
  const fixes = finding.fixes?.map(({ title, changes }) => ({
    title,
    changes: changes.map(({ span, text }) => ({ span: moved(span, by), text })),
  }));
  return { ...finding, span: moved(finding.span, by), ...(fixes ? { fixes } : {}) };
}
