import { isShellCell, shellLines } from '../rewardCell';
import { readDocument, type Reading } from './all';
import type { Grammars } from './dialect';

/** Reads a cell of a notebook: a cell of a shell's is one in any language, and `!command` stands amid Python. */
export function readCell(language: string, text: string, grammars: Grammars | undefined): Reading {
  if (isShellCell(text)) return readDocument('shellscript', text.replace('%', '#'), grammars);
  const own = readDocument(language, text, grammars);
  const commands = language === 'python' ? shellLines(text) : undefined;
  if (commands === undefined) return own;
  return { ...own, sheets: [...own.sheets, ...readDocument('shellscript', commands, grammars).sheets] };
}
