import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parsed } from '../../base/json';
import { readCell } from '../../domain/dialects/cell';
import { judge } from '../../domain/frameworks/which';
import { Problem } from '../../domain/problem';
import { unread } from '../unread';
import { lint, type LintWish, type Remark } from './lint';

interface Cell {
  readonly language: string;
  readonly lines: readonly string[];
}

/** What is worth saying about the code cells of a notebook file; lines and columns are those of the file itself. */
export async function lintNotebook(file: string, wish: LintWish): Promise<Remark[]> {
  const raw = await readFile(file, 'utf8').catch((error: unknown) => unread(error, file));
  let from = 0;
  return cellsOf(file, raw).flatMap((cell) => {
    const offsets = cell.lines.map((line) => {
      const written = JSON.stringify(line).slice(1, -1);
      const at = raw.indexOf(written, from);
      if (at < 0) return from;
      from = at + written.length;
      return at;
    });
    return remarksOf(file, cell, wish).map((remark) => placed(remark, raw, offsets));
  });
}

const notebook = v.object({
  cells: v.array(
    v.object({
      cell_type: v.string(),
      source: v.union([v.string(), v.array(v.string())]),
      metadata: v.optional(v.object({ vscode: v.optional(v.object({ languageId: v.optional(v.string()) })) })),
    }),
  ),
});

function cellsOf(file: string, raw: string): Cell[] {
  const told = v.safeParse(notebook, parsed(raw));
  if (!told.success) throw new Problem({ code: 'bad-input', message: `${file} is no notebook that can be read.` });
  const code = told.output.cells.filter(({ cell_type: kind }) => kind === 'code');
  return code.map(({ source, metadata }) => ({
    lines: typeof source === 'string' ? source.split(/(?<=\n)/) : source,
    language: metadata?.vscode?.languageId ?? 'python',
  }));
}

function remarksOf(file: string, { language, lines }: Cell, wish: LintWish): Remark[] {
  const text = lines.join('');
  const { framework, version, installed } = wish;
  const { sheets, findings } = readCell(language, text, wish.grammars);
  const judged = sheets.flatMap((sheet) => judge(sheet, { framework, version, installed }) ?? []);
  return lint({ file, text, judged, findings }, wish);
}

/** From lines of a cell to lines of the file. */
function placed(remark: Remark, raw: string, offsets: readonly number[]): Remark {
  const move = <T extends { readonly line: number; readonly column: number }>(place: T): T => {
    const start = offsets[place.line - 1] ?? 0;
    const before = raw.slice(0, start).split('\n');
    return { ...place, line: before.length, column: (before.at(-1)?.length ?? 0) + place.column };
  };
  const fix = remark.fix && { ...remark.fix, edits: remark.fix.edits.map(move) };
  return { ...move(remark), fix };
}
