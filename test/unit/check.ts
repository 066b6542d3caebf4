import { readDocument } from '../../src/domain/dialects/all';
import type { Grammars } from '../../src/domain/dialects/dialect';
import type { Finding } from '../../src/domain/config/finding';
import { judge } from '../../src/domain/frameworks/which';
import type { Surroundings } from '../../src/domain/frameworks/framework';
import { check } from '../../src/domain/language/check';
import type { Judged } from '../../src/domain/language/resolve';

export interface Asked {
  readonly language?: string;
  readonly version?: string;
  readonly around?: Surroundings;
  readonly grammars?: Grammars;
}

/** Sheets of known frameworks in a text, each with what judges it. */
export function judged(text: string, { language = 'shellscript', version, grammars }: Asked = {}): Judged[] {
  return readDocument(language, text, grammars).sheets.flatMap((sheet) => judge(sheet, { version }) ?? []);
}

export function findings(text: string, asked: Asked = {}): Finding[] {
  return judged(text, asked).flatMap((one) => check(one, asked.around ?? {}));
}

/** `rule place` of each finding, place being the marked text. */
export function said(text: string, asked: Asked = {}): string[] {
  return findings(text, asked).map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
}

/** The text after the first fix of the first finding with this rule. */
export function fixed(text: string, rule: string, asked: Asked = {}): string {
  const fix = findings(text, asked).find((finding) => finding.rule === rule)?.fixes?.[0];
  return [...(fix?.changes ?? [])]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((whole, { span, text: by }) => whole.slice(0, span.start) + by + whole.slice(span.end), text);
}
