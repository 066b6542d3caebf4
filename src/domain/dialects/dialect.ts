import type { Fix } from '../finding';
import type { DialectId, Sheet, Slot } from '../sheet';

/** The part of a tree-sitter tree that the dialects walk; `machine/grammars` hands it in. */
export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly isNamed: boolean;
  readonly isMissing: boolean;
  readonly hasError: boolean;
  readonly parent: SyntaxNode | null;
  readonly children: readonly (SyntaxNode | null)[];
  readonly namedChildren: readonly (SyntaxNode | null)[];
  childForFieldName(name: string): SyntaxNode | null;
}

/** Parses a text of one language; offsets are UTF-16 code units. */
export type Parse = (text: string) => SyntaxNode;

export interface Grammars {
  readonly bash: Parse;
  readonly python: Parse;
}

/** How settings are written. A reader never throws: half a line gives a shorter sheet and a finding. */
export interface Dialect {
  readonly id: DialectId;
  /** VS Code language ids of the documents it reads. */
  readonly languages: readonly string[];
  read(text: string, grammars: Grammars): Sheet[];
  /** What could be written at `offset`; undefined outside every sheet. */
  slot(sheets: readonly Sheet[], text: string, offset: number): Slot | undefined;
  /** The changes that give `path` the value `value` in `sheet`. */
  write(sheet: Sheet, path: string, value: string): Fix;
}
