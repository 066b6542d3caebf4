import { readFile } from 'node:fs/promises';
import type { Finding } from '../../domain/config/finding';
import { templateKind } from '../../domain/frameworks/templates';
import { checkTemplate, render } from '../../domain/dataset/template';
import { unread } from '../unread';
import { show, type Shown } from './show';

/** A template as it comes out on records of a data set. */
export interface Preview {
  readonly findings: readonly Finding[];
  readonly rendered: readonly { readonly record: Shown; readonly text?: string; readonly why?: string }[];
}

/** Fills a template with records [from, from + count) of a data set. Errors: those of reading it. */
export async function preview(
  text: string,
  file: string,
  range: { readonly from: number; readonly count: number },
): Promise<Preview> {
  const kind = templateKind(text);
  const findings = checkTemplate(text, kind.known);
  const shown = await show(file, range);
  const rendered = shown.map((record) => {
    if (!record.record) return { record, why: record.bad ?? 'It cannot be read.' };
    return { record, ...render(text, kind.valuesFor(record.record)) };
  });
  return { findings, rendered };
}

/** A template's text. Errors: `missing`. */
export function sourceText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => unread(error, file));
}
