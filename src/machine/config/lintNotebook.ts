import { readFile } from 'node:fs/promises';
import { readCell } from '../../domain/dialects/cell';
import { judge } from '../../domain/frameworks/which';
import { Problem } from '../../domain/problem';
import { lint, type LintWish, type Remark } from './lint';

interface Cell {
  readonly language: string;
  readonly lines: readonly string[];
}

/** What is worth saying about the code cells of a notebook file; lines and columns are those of the file itself. */
export async function lintNotebook(file: string, wish: LintWish): Promise<Remark[]> {
  const raw = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Problem({ code: 'missing', message: `${file} cannot be read (${error.code ?? 'unknown'}).` });
  });
  let from = 0;
  return cellsOf(file, raw).flatMap((cell) => {
    const offsets = cell.lines.map((line) => {
      const at = raw.indexOf(JSON.stringify(line).slice(1, -1), from);
      if (at >= 0) from = at;
      return at < 0 ? from : at;
    });
    return remarksOf(file, cell, wish).map((remark) => placed(remark, raw, offsets));
  });
}

function cellsOf(file: string, raw: string): Cell[] {
  try {
    const { cells } = JSON.parse(raw) as { readonly cells?: readonly Readonly<Record<string, unknown>>[] };
    return (cells ?? []).flatMap(({ cell_type: kind, source, metadata }) => {
      if (kind !== 'code') return [];
      const lines = Array.isArray(source) ? source.map(String) : [String(source)];
      const vscode = (metadata as { readonly vscode?: { readonly languageId?: string } } | undefined)?.vscode;
      return [{ lines, language: vscode?.languageId ?? 'python' }];
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Problem({ code: 'bad-input', message: `${file} is no notebook: its JSON cannot be read.` });
  }
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
