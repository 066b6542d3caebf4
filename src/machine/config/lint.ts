import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { languageOf, readDocument } from '../../domain/dialects/all';
import type { Grammars } from '../../domain/dialects/dialect';
import type { Finding, Weight } from '../../domain/config/finding';
import type { Framework, FrameworkId } from '../../domain/frameworks/framework';
import type { Catalogue } from '../../domain/config/parameter';
import { judge, which } from '../../domain/frameworks/which';
import { judgeOwn } from '../../domain/frameworks/ownJudge';
import { checkAll } from '../../domain/language/checkAll';
import type { Judged } from '../../domain/language/resolve';
import { deadline } from '../deadline';
import { Problem } from '../../domain/problem';
import type { Sheet } from '../../domain/config/sheet';
import { unread } from '../unread';
import { fileText } from './fileText';

/** How files shall be judged. */
export interface LintWish {
  readonly framework?: FrameworkId;
  readonly version?: string;
  readonly gpus?: number;
  readonly grammars?: Grammars;
  /** The parameters of what is installed, where they are known. */
  readonly installed?: (framework: Framework) => Catalogue | undefined;
}

/** A finding with its place for people and machines: lines and columns count from 1. */
export interface Remark {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Weight;
  readonly rule: string;
  readonly key: string | null;
  readonly message: string;
  /** The title of the first fix and what it would change. */
  readonly fix: { readonly title: string; readonly edits: readonly RemarkEdit[] } | null;
}

interface RemarkEdit {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly text: string;
}

/** What a file holds of known frameworks. */
export interface ReadFile {
  readonly file: string;
  readonly text: string;
  readonly judged: readonly Judged[];
  readonly findings: readonly Finding[];
}

/** A command that starts some program, so that a framework asked for by name may judge it. */
const PROGRAM = /^(python[\d.]*|torchrun|accelerate|deepspeed)$/;

function mayBe(sheet: Sheet): boolean {
  if (which(sheet) !== undefined || sheet.dialect === 'yaml') return true;
  const name = sheet.command[0]?.split('/').pop() ?? '';
  return sheet.dialect !== 'call' && sheet.settings.length > 0 && PROGRAM.test(name);
}

/** Milliseconds that one file may take in a terminal. */
export const PATIENCE = 20_000;

/** Reads one file; throws a `Problem` where there is none or its kind is not known. */
export async function readSettings(file: string, wish: LintWish = {}): Promise<ReadFile> {
  const language = languageOf(file);
  if (language === undefined) {
    const message = `${file} is neither a shell script nor YAML, JSON, Python or Markdown: it cannot be checked.`;
    throw new Problem({ code: 'unsupported', message });
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => unread(error, file));
  const { sheets, findings } = readDocument(language, text, wish.grammars, deadline(PATIENCE));
  const { framework, version, installed } = wish;
  const around = { file: fileReader(file) };
  const judged = sheets.flatMap((sheet) => {
    const known = framework === undefined || mayBe(sheet) ? judge(sheet, { framework, version, installed }) : undefined;
    return known ?? judgeOwn(sheet, around, wish.grammars) ?? [];
  });
  return { file, text, judged, findings };
}

/** Files that a setting names: from the current folder, as the frameworks do, else beside the script. */
export function fileReader(script: string): (path: string) => string | undefined {
  return (path) => {
    const places = isAbsolute(path) ? [path] : [path, join(dirname(script), path)];
    for (const place of places) {
      const text = fileText(place);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

/** Everything worth saying about a file, by place. */
export function lint({ file, text, judged, findings }: ReadFile, { gpus }: LintWish = {}): Remark[] {
  const around = { file: fileReader(file), ...(gpus === undefined ? {} : { gpus }) };
  const whole =
    judged.length > 0 ? findings : findings.filter(({ rule }) => rule === 'too-long' || rule === 'too-slow');
  const all = [...whole, ...checkAll(judged, around)];
  const place = places(text);
  return all.sort((a, b) => a.span.start - b.span.start).map((finding) => remark(file, finding, place));
}

type Place = (offset: number) => { readonly line: number; readonly column: number };

function places(text: string): Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    for (let high = starts.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function remark(file: string, { span, weight, rule, key, text, fixes }: Finding, place: Place): Remark {
  const [fix] = fixes ?? [];
  const edits = (fix?.changes ?? []).map((change) => ({
    ...place(change.span.start),
    length: change.span.end - change.span.start,
    text: change.text,
  }));
  const mend = fix ? { title: fix.title, edits } : null;
  return { file, ...place(span.start), severity: weight, rule, key: key ?? null, message: text, fix: mend };
}
