import * as vscode from 'vscode';
import { Disposables } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { languages } from '../../domain/dialects/all';
import { hover } from '../../domain/language/hover';
import { slotAt } from '../../domain/language/slot';
import { offers, variableOffers } from '../../domain/language/offers';
import { suggest, type Suggestion } from '../../domain/language/suggest';
import { shippedGrammars } from '../../machine/config/grammars';
import type { Targets } from '../../machine/hosts/targets';
import { Documents } from '../documents';
import { definitionAt } from './configDefinition';
import { lensesIn, recordedHover, type Known as KnownRuns } from './configLenses';
import { referencesAt } from './configReferences';
import { RecordedRuns } from './configRuns';
import { WorkspaceIndex } from './configWorkspace';
import { legend, signatureIn, symbolsIn, tokensIn } from './configOutline';
import type { Guard } from '../guard';
import { composedConfiguration, type RunsToCompare } from './composed';
import { Findings } from './findings';
import { hintsIn } from './hints';
import { Installations } from './installed';
import { versionInForce } from './version';
import { rangeOf } from '../places';
import { onSetting } from '../settings';
import { surroundings } from './surroundings';

/** Hover, suggestions, findings and fixes in every document that holds settings of a framework. */
export function registerConfig(
  context: vscode.ExtensionContext,
  room: RunsToCompare & { readonly targets: Targets },
  guard: Guard,
): Disposables {
  const { targets } = room;
  const owned = new Disposables();
  const installations = owned.add(new Installations(targets, context.asAbsolutePath('python'), guard));
  const index = owned.add(new WorkspaceIndex());
  const runs = owned.add(new RecordedRuns(guard));
  const load = guard.quietly('loading the grammars', () => shippedGrammars(context.extensionPath));
  const documents = owned.add(new Documents(load, installations));
  const selector = languages.map((language) => ({ language }));
  const provideHover = guard.quietly('a hover', (document: vscode.TextDocument, position: vscode.Position) =>
    hoverAt({ documents, runs }, document, position),
  );
  const provideCompletionItems = guard.quietly(
    'suggestions',
    (document: vscode.TextDocument, position: vscode.Position) =>
      suggestionsAt({ documents, index }, document, position),
  );
  owned.add(vscode.languages.registerHoverProvider(selector, { provideHover }));
  const written = selector.filter(({ language }) => !language.startsWith('json'));
  owned.add(
    vscode.languages.registerCompletionItemProvider(written, { provideCompletionItems }, '-', '.', '=', ' ', '/', ':'),
  );
  const provideInlayHints = guard.quietly('inlay hints', (document: vscode.TextDocument, range: vscode.Range) =>
    hintsIn(documents, document, range),
  );
  const hints = { provideInlayHints, onDidChangeInlayHints: documents.onChange };
  owned.add(vscode.languages.registerInlayHintsProvider(selector, hints));
  owned.add(registerOutline(documents, selector, guard));
  owned.add(registerPlaces(documents, index, guard));
  const provideCodeLenses = guard.quietly('lenses of a configuration', (document: vscode.TextDocument) =>
    lensesIn({ documents, runs }, document),
  );
  const changed = owned.add(new Emitter<void>());
  for (const told of [runs.onChange, documents.onChange]) owned.add(told(() => changed.fire()));
  owned.add(onSetting(['grpoLens.config.lenses'], () => changed.fire()));
  const lenses = { provideCodeLenses, onDidChangeCodeLenses: changed.event };
  owned.add(vscode.languages.registerCodeLensProvider(selector, lenses));
  owned.add(composedConfiguration({ documents, runs }, room, guard));
  owned.add(versionInForce(documents, targets, guard));
  const findings = owned.add(new Findings(documents, guard));
  owned.add(
    vscode.languages.registerCodeActionsProvider(selector, findings, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite],
    }),
  );
  return owned;
}

function registerPlaces(documents: Documents, index: WorkspaceIndex, guard: Guard): Disposables {
  const owned = new Disposables();
  const provideDefinition = guard.quietly('a definition', (document: vscode.TextDocument, position: vscode.Position) =>
    definitionAt(documents, index, { document, position }),
  );
  const provideReferences = guard.quietly('references', (document: vscode.TextDocument, position: vscode.Position) =>
    referencesAt(documents, index, { document, position }),
  );
  const selector = languages.map((language) => ({ language }));
  owned.add(
    vscode.languages.registerDefinitionProvider(selector, {
      provideDefinition: async (document, position) =>
        (await provideDefinition(document, position)) as vscode.Definition,
    }),
  );
  owned.add(vscode.languages.registerReferenceProvider(selector, { provideReferences }));
  return owned;
}

function registerOutline(documents: Documents, selector: readonly vscode.DocumentFilter[], guard: Guard): Disposables {
  const owned = new Disposables();
  const provideDocumentSymbols = guard.quietly('an outline', (document: vscode.TextDocument) =>
    symbolsIn(documents, document),
  );
  const provideDocumentSemanticTokens = guard.quietly('colours', (document: vscode.TextDocument) =>
    tokensIn(documents, document),
  );
  const provideSignatureHelp = guard.quietly(
    'how a value is written',
    (document: vscode.TextDocument, position: vscode.Position) => signatureIn(documents, document, position),
  );
  const shell = { language: 'shellscript' };
  const colours = { provideDocumentSemanticTokens, onDidChangeSemanticTokens: documents.onChange };
  owned.add(vscode.languages.registerDocumentSymbolProvider(selector, { provideDocumentSymbols }));
  owned.add(vscode.languages.registerDocumentSemanticTokensProvider(shell, colours, legend));
  owned.add(vscode.languages.registerSignatureHelpProvider(shell, { provideSignatureHelp }, '=', '+', ',', '['));
  return owned;
}

function hoverAt(known: KnownRuns, document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
  const offset = document.offsetAt(position);
  for (const judged of known.documents.read(document).judged) {
    const found = hover(judged, offset, surroundings(document));
    if (!found) continue;
    const told = recordedHover(known, document, offset);
    const texts = [found.markdown, ...(told === undefined ? [] : [told])].map(
      (text) => new vscode.MarkdownString(text),
    );
    return new vscode.Hover(texts, rangeOf(document, found.span));
  }
  return undefined;
}

interface Known {
  readonly documents: Documents;
  readonly index: WorkspaceIndex;
}

async function suggestionsAt(
  { documents, index }: Known,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const { judged } = documents.read(document);
  const sheets = judged.map(({ sheet }) => sheet);
  const offset = document.offsetAt(position);
  const slot = slotAt(sheets, document.getText(), offset);
  const own = judged.find(({ sheet }) => sheet === slot?.sheet);
  const variables = document.languageId === 'shellscript' ? variableOffers(document.getText(), offset) : [];
  if (!slot || !own) return variables.map((one) => item(document, one));
  const more = slot.kind === 'value' ? offers(slot, own, await index.around(document)) : [];
  return [...suggest(slot, own), ...more, ...variables].map((one) => item(document, one));
}

function item(document: vscode.TextDocument, one: Suggestion): vscode.CompletionItem {
  const kind = one.kind === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.EnumMember;
  const result = new vscode.CompletionItem({ label: one.label, description: one.detail }, kind);
  result.insertText = one.insert;
  result.filterText = one.label;
  result.range = rangeOf(document, one.span);
  result.sortText = one.order;
  if (one.doc !== '') result.documentation = new vscode.MarkdownString(one.doc);
  return result;
}
