import { isShellCell, shellLines } from '../rewards/rewardCell';
import { languageOf, readDocument, type Reading } from './all';
import type { Grammars, Tick } from './dialect';
import { shifted } from './shift';

/** Reads a cell of a notebook: a cell of a shell's is one in any language, and `!command` stands amid Python. */
export function readCell(language: string, text: string, grammars: Grammars | undefined, tick?: Tick): Reading {
  if (isShellCell(text)) return readDocument('shellscript', text.replace('%', '#'), grammars, tick);
  const written = WRITES.exec(text);
  if (written) return readWritten(written, text, grammars, tick);
  const own = readDocument(language, text, grammars, tick);
  const commands = language === 'python' ? shellLines(text) : undefined;
  if (commands === undefined) return own;
  return { ...own, sheets: [...own.sheets, ...readDocument('shellscript', commands, grammars, tick).sheets] };
}

const WRITES = /^\s*%%writefile[ \t]+(?:-a[ \t]+)?(\S+)[^\n]*\n/;

/** `%%writefile c.yaml`: what it holds is read as what its name tells. */
function readWritten(head: RegExpExecArray, text: string, grammars: Grammars | undefined, tick?: Tick): Reading {
  const language = languageOf(head[1] ?? '');
  if (language === undefined) return { sheets: [], findings: [] };
  const { sheets } = readDocument(language, text.slice(head[0].length), grammars, tick);
  return { sheets: sheets.map((sheet) => shifted(sheet, head[0].length)), findings: [] };
}
