import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Language, Parser, type Tree } from '@vscode/tree-sitter-wasm';
import type { Grammars, Parse, SyntaxNode } from '../../domain/dialects/dialect';
import { Problem } from '../../domain/problem';

/** Longest time that one text may take in an editor, in milliseconds; a grammar that loops must not hang its host. */
const LIMIT = 500;

let started: Promise<void> | undefined;

/** Each tree is freed when the next text is parsed: nodes are for reading at once. */
function parse(parser: Parser, limit: number): Parse {
  let last: Tree | null = null;
  return (text) => {
    const until = performance.now() + limit;
    last?.delete();
    last = parser.parse(text, null, { progressCallback: () => performance.now() > until });
    if (last) return last.rootNode as SyntaxNode;
    parser.reset();
    throw new Problem({ code: 'timeout', message: `Reading this text took over ${limit} ms, so it is not checked.` });
  };
}

/** Loads the grammars from a folder that holds `tree-sitter.wasm` and `tree-sitter-python.wasm`; `limit` milliseconds for a text. */
export async function loadGrammars(folder: string, limit = LIMIT): Promise<Grammars> {
  started ??= Parser.init({ locateFile: (file) => join(folder, file) });
  await started;
  const parser = new Parser();
  parser.setLanguage(await Language.load(await readFile(join(folder, 'tree-sitter-python.wasm'))));
  return { python: parse(parser, limit) };
}

/** Those that are shipped in the extension's folder. */
export function shippedGrammars(root: string, limit = LIMIT): Promise<Grammars> {
  return loadGrammars(join(root, 'dist', 'grammars'), limit);
}
