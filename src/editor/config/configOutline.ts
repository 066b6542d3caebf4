import * as vscode from 'vscode';
import { outline, type Entry } from '../../domain/language/outline';
import { tokenKinds, tokens } from '../../domain/language/tokens';
import { signatureAt } from '../../domain/language/signature';
import type { Documents } from '../documents';
import { rangeOf } from '../places';

const KINDS: Readonly<Record<Entry['kind'], vscode.SymbolKind>> = {
  command: vscode.SymbolKind.Function,
  section: vscode.SymbolKind.Namespace,
  setting: vscode.SymbolKind.Property,
};

/** The commands and settings of a document, for its outline and for going to one. */
export function symbolsIn(documents: Documents, document: vscode.TextDocument): vscode.DocumentSymbol[] {
  // Red Hat's extension draws the outline of YAML where it is installed.
  if (document.languageId === 'yaml' && vscode.extensions.getExtension('redhat.vscode-yaml')) return [];
  return documents.read(document).judged.flatMap(({ sheet }) => outline(sheet).map((entry) => symbol(entry, document)));
}

function symbol(
  { name, detail, kind, span, key, children }: Entry,
  document: vscode.TextDocument,
): vscode.DocumentSymbol {
  const inner = children.map((child) => symbol(child, document));
  const own = rangeOf(document, key);
  const whole = inner.reduce((range, child) => range.union(child.range), rangeOf(document, span).union(own));
  const result = new vscode.DocumentSymbol(name || '?', detail, KINDS[kind], whole, own);
  result.children = inner;
  return result;
}

export const legend = new vscode.SemanticTokensLegend([...tokenKinds]);

/** Colours of flags and overrides; what spans lines or was drawn before is left out. */
export function tokensIn(documents: Documents, document: vscode.TextDocument): vscode.SemanticTokens {
  const builder = new vscode.SemanticTokensBuilder(legend);
  const all = documents.read(document).judged.flatMap((judged) => tokens(judged));
  let end = 0;
  for (const { span, kind } of all.sort((a, b) => a.span.start - b.span.start)) {
    const range = rangeOf(document, span);
    if (span.start < end || !range.isSingleLine) continue;
    builder.push(range, kind);
    end = span.end;
  }
  return builder.build();
}

/** How the override under the cursor is written. */
export function signatureIn(
  documents: Documents,
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.SignatureHelp | undefined {
  const offset = document.offsetAt(position);
  for (const judged of documents.read(document).judged) {
    const found = signatureAt(judged, offset);
    if (!found) continue;
    const information = new vscode.SignatureInformation(found.label, new vscode.MarkdownString(found.doc));
    information.parameters = found.parts.map(
      ({ label, doc }) => new vscode.ParameterInformation([label[0], label[1]], new vscode.MarkdownString(doc)),
    );
    const help = new vscode.SignatureHelp();
    help.signatures = [information];
    help.activeParameter = found.active;
    return help;
  }
  return undefined;
}
