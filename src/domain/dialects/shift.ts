import type { Finding, Span } from '../finding';
import type { Setting, Sheet } from '../sheet';

/** A sheet that was read from a piece of a text, with its places in the whole. */
export function shifted(sheet: Sheet, by: number): Sheet {
  if (by === 0) return sheet;
  const moved = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  const setting = (one: Setting): Setting => ({
    ...one,
    key: moved(one.key),
    ...(one.valueSpan ? { valueSpan: moved(one.valueSpan) } : {}),
    ...(one.definition ? { definition: moved(one.definition) } : {}),
    ...(one.items ? { items: one.items.map((item) => ({ ...item, span: moved(item.span) })) } : {}),
  });
  return {
    ...sheet,
    span: moved(sheet.span),
    ...(sheet.commandSpan ? { commandSpan: moved(sheet.commandSpan) } : {}),
    settings: sheet.settings.map(setting),
    environment: sheet.environment.map((one) => ({
      ...one,
      key: moved(one.key),
      ...(one.valueSpan ? { valueSpan: moved(one.valueSpan) } : {}),
    })),
    positional: sheet.positional.map((one) => ({ ...one, span: moved(one.span) })),
    ...(sheet.options ? { options: sheet.options.map(setting) } : {}),
    ...(sheet.written ? { written: new Map([...sheet.written].map(([path, one]) => [path, shifted(one, by)])) } : {}),
    findings: sheet.findings.map((finding) => shiftedFinding(finding, moved)),
  };
}

function shiftedFinding(finding: Finding, moved: (span: Span) => Span): Finding {
  const fixes = finding.fixes?.map(({ title, changes }) => ({
    title,
    changes: changes.map(({ span, text }) => ({ span: moved(span), text })),
  }));
  return { ...finding, span: moved(finding.span), ...(fixes ? { fixes } : {}) };
}
