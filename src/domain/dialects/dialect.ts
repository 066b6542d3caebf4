import type { Sheet } from '../config/sheet';

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

/** Undefined while the grammars are being loaded. */
export interface Grammars {
  readonly python: Parse;
}

/** Called again and again while a text is read; throws a `Problem` (`timeout`) when it takes too long. */
export type Tick = () => void;

/** Reads the sheets of documents in some languages. Never throws: half a line gives a shorter sheet and a finding. */
export interface Reader {
  /** VS Code language ids of the documents it reads. */
  readonly languages: readonly string[];
  read(text: string, grammars: Grammars | undefined, tick?: Tick): Sheet[];
}
