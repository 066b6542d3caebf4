import type { Span } from '../config/finding';
import type { Setting, Sheet, Slot } from '../config/sheet';

const inside = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;

/** What could be written at an offset of the text that the sheets were read from. */
export function slotAt(sheets: readonly Sheet[], text: string, offset: number): Slot | undefined {
  for (const sheet of sheets) {
    for (const setting of sheet.settings) {
      if (inside(setting.key, offset)) return keySlot(sheet, setting.key, text);
      if (setting.valueSpan && inside(setting.valueSpan, offset))
        return valueSlot(sheet, setting, setting.valueSpan, text);
    }
  }
  for (const sheet of sheets) {
    const word = sheet.dialect === 'flags' ? undefined : sheet.positional.find(({ span }) => inside(span, offset));
    if (word) return keySlot(sheet, word.span, text);
  }
  const sheet = sheets.find((one) => inside(one.span, offset) && offset >= (one.commandSpan?.end ?? one.span.start));
  if (!sheet) return undefined;
  const before = waiting(sheet, text, offset);
  const here = { start: offset, end: offset };
  return before ? valueSlot(sheet, before, here, text) : keySlot(sheet, here, text);
}

function keySlot(sheet: Sheet, span: Span, text: string): Slot {
  return { kind: 'key', sheet, span, typed: text.slice(span.start, span.end) };
}

function valueSlot(sheet: Sheet, setting: Setting, span: Span, text: string): Slot {
  const item = setting.items?.find((one) => span.start <= one.span.end && one.span.start >= span.start);
  const own = item && setting.items?.length === 1 ? item.span : span;
  return { kind: 'value', sheet, setting, span: own, typed: text.slice(own.start, own.end) };
}

/** The setting that ended just before, on the same line, and still takes a value. */
function waiting(sheet: Sheet, text: string, offset: number): Setting | undefined {
  const last = sheet.settings.filter(({ key, valueSpan }) => (valueSpan ?? key).end <= offset).at(-1);
  if (!last || sheet.dialect !== 'flags') return undefined;
  const between = text.slice((last.valueSpan ?? last.key).end, offset);
  return /^[ \t]+$/.test(between) && !last.valueSpan ? last : undefined;
}
