import * as vscode from 'vscode';
import { languageOf, languages, readDocument } from '../../domain/dialects/all';
import { judge } from '../../domain/frameworks/which';
import { resolve, type Judged } from '../../domain/language/resolve';
import { settingAt, type Setting } from '../../domain/config/sheet';
import { textOf, type WorkspaceIndex } from './configWorkspace';
import type { Documents } from '../documents';
import { FOREIGN, rangeOf } from '../places';

const MOST_FILES = 300;

/** What is looked for: a variable of one script, a parameter, or a name of the user's. */
type Wanted =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'parameter'; readonly framework: string; readonly path: string }
  | { readonly kind: 'name'; readonly name: string };

/** Every place that uses the variable, the parameter or the registered name at a position. */
export async function referencesAt(
  documents: Documents,
  index: WorkspaceIndex,
  at: { readonly document: vscode.TextDocument; readonly position: vscode.Position },
): Promise<vscode.Location[]> {
  const { document } = at;
  const wanted = await wantedAt(documents, index, at);
  if (!wanted) return [];
  const here = documents.read(document).judged.flatMap((judged) => uses(judged, wanted));
  const own = unique(here).map((span) => new vscode.Location(document.uri, rangeOf(document, span)));
  if (wanted.kind === 'variable') return own;
  const others = await elsewhere(document, wanted);
  const named = wanted.kind === 'name' ? await index.named(wanted.name) : [];
  return [...named.map(({ location }) => location), ...own, ...others];
}

async function wantedAt(
  documents: Documents,
  index: WorkspaceIndex,
  { document, position }: { readonly document: vscode.TextDocument; readonly position: vscode.Position },
): Promise<Wanted | undefined> {
  const offset = document.offsetAt(position);
  for (const judged of documents.read(document).judged) {
    const assigned = judged.sheet.settings.find(({ definition: at }) => at && at.start <= offset && offset <= at.end);
    if (assigned?.variable !== undefined) return { kind: 'variable', name: assigned.variable };
    const setting = settingAt(judged.sheet, offset);
    if (!setting) continue;
    if (setting.key.start <= offset && offset <= setting.key.end) return parameterOf(setting, judged);
    if (setting.variable !== undefined) return { kind: 'variable', name: setting.variable };
    return { kind: 'name', name: nameAt(setting, offset) };
  }
  const word = document.languageId === 'python' ? wordAt(document, position) : undefined;
  return word !== undefined && (await index.named(word)).length > 0 ? { kind: 'name', name: word } : undefined;
}

function wordAt(document: vscode.TextDocument, position: vscode.Position): string | undefined {
  const range = document.getWordRangeAtPosition(position, /[\w.-]+/);
  return range && document.getText(range);
}

/** The name in a value that an offset stands on: one word of a list, the function behind a file. */
export function nameAt({ text = '', items }: Setting, offset: number): string {
  const item = items?.find(({ span }) => span.start <= offset && offset <= span.end)?.text;
  return (item ?? text).replace(/^.*\.py:/, '');
}

function parameterOf(setting: Setting, judged: Judged): Wanted {
  const resolved = resolve(setting.path, judged);
  const path = resolved.kind === 'parameter' ? resolved.parameter.path : setting.path;
  return { kind: 'parameter', framework: judged.framework.id, path };
}

function uses(judged: Judged, wanted: Wanted): { readonly start: number; readonly end: number }[] {
  return judged.sheet.settings.flatMap((setting) => {
    if (wanted.kind === 'variable') {
      const used = setting.variable === wanted.name && setting.valueSpan ? [setting.valueSpan] : [];
      return setting.variable === wanted.name && setting.definition ? [setting.definition, ...used] : used;
    }
    if (wanted.kind === 'parameter') {
      const same = judged.framework.id === wanted.framework && parameterOf(setting, judged);
      return same && same.kind === 'parameter' && same.path === wanted.path ? [setting.key] : [];
    }
    const items = setting.items ?? (setting.valueSpan ? [{ text: setting.text, span: setting.valueSpan }] : []);
    return items.filter(({ text = '' }) => holds(text, wanted.name)).map(({ span }) => span);
  });
}

/** `f`, `rewards.py:f` and `rewards.f` all name `f`. */
function holds(text: string, name: string): boolean {
  return text === name || text.endsWith(`:${name}`) || (text.endsWith(`.${name}`) && !text.includes('/'));
}

async function elsewhere(document: vscode.TextDocument, wanted: Wanted): Promise<vscode.Location[]> {
  const uris = await vscode.workspace.findFiles('**/*.{sh,bash,yaml,yml}', FOREIGN, MOST_FILES);
  const others = uris.filter((uri) => uri.toString() !== document.uri.toString());
  const found = await Promise.all(others.map((uri) => usesIn(uri, wanted)));
  return found.flat();
}

async function usesIn(uri: vscode.Uri, wanted: Wanted): Promise<vscode.Location[]> {
  const language = languageOf(uri.path);
  const text = language !== undefined && languages.includes(language) ? await textOf(uri) : undefined;
  const word = wanted.kind === 'parameter' ? (wanted.path.split('.').pop() ?? '') : wanted.name;
  if (
    language === undefined ||
    text === undefined ||
    !(text.includes(word) || text.includes(word.replaceAll('_', '-')))
  )
    return [];
  const judged = readDocument(language, text, undefined).sheets.flatMap((sheet) => judge(sheet) ?? []);
  const spans = unique(judged.flatMap((one) => uses(one, wanted)));
  return spans.map(
    ({ start, end }) => new vscode.Location(uri, new vscode.Range(place(text, start), place(text, end))),
  );
}

function place(text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset).split('\n');
  return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
}

function unique<T extends { readonly start: number; readonly end: number }>(spans: readonly T[]): T[] {
  return [...new Map(spans.map((span) => [`${span.start} ${span.end}`, span])).values()];
}
