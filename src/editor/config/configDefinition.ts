import * as vscode from 'vscode';
import { namedBy } from '../../domain/frameworks/registered';
import { resolve, type Judged } from '../../domain/language/resolve';
import { settingAt, type Setting } from '../../domain/config/sheet';
import { nameAt } from './configReferences';
import { textOf, type WorkspaceIndex } from './configWorkspace';
import type { Documents } from '../documents';
import { rangeOf } from '../places';

/** From a variable to its assignment, from a reward's or data set's name to its code, from a file's name to the file. */
export async function definitionAt(
  documents: Documents,
  index: WorkspaceIndex,
  { document, position }: { readonly document: vscode.TextDocument; readonly position: vscode.Position },
): Promise<vscode.Location | readonly vscode.Location[] | undefined> {
  const offset = document.offsetAt(position);
  for (const judged of documents.read(document).judged) {
    const setting = settingAt(judged.sheet, offset);
    if (!setting) {
      const file = judged.framework
        .files(judged.sheet)
        .find(({ key, valueSpan = key }) => valueSpan.start <= offset && offset <= valueSpan.end);
      if (file?.text !== undefined) return fileOf(file.text, document.uri);
      continue;
    }
    if (setting.key.start <= offset && offset < setting.key.end) return sourceOf(setting, judged);
    if (setting.definition) return new vscode.Location(document.uri, rangeOf(document, setting.definition));
    return (await named(setting, judged, { index, offset })) ?? (await fileOf(textAt(setting, offset), document.uri));
  }
  return undefined;
}

function textAt({ text = '', items }: Setting, offset: number): string {
  return items?.find(({ span }) => span.start <= offset && offset <= span.end)?.text ?? text;
}

/** Code that a name of the user's stands for. */
async function named(
  setting: Setting,
  { framework }: Judged,
  { index, offset }: { readonly index: WorkspaceIndex; readonly offset: number },
): Promise<readonly vscode.Location[] | undefined> {
  const by = namedBy(framework.id, setting.path);
  if (by.length === 0 || (by.length === 1 && by[0] === 'path')) return undefined;
  const whole = textAt(setting, offset);
  const name = nameAt(setting, offset);
  const [, file] = /^(.+\.py):\w+$/.exec(whole) ?? [];
  const bare = by.includes('module.function') ? (name.split('.').pop() ?? name) : name.replace(/[#%].*$/, '');
  const found = (await index.named(bare)).filter(({ location }) => file === undefined || isFile(location, file));
  return found.length > 0 ? found.map(({ location }) => location) : undefined;
}

const isFile = ({ uri }: vscode.Location, file: string): boolean =>
  uri.path.endsWith(file.replace(/^(\.{1,2}\/)+/, '/'));

/** Where an installed framework declares a key. */
async function sourceOf(setting: Setting, judged: Judged): Promise<vscode.Location | undefined> {
  const resolved = resolve(setting.path, judged);
  const source = resolved.kind === 'parameter' ? resolved.parameter.source : undefined;
  const [, path, line] = /^(\/.+):(\d+)$/.exec(source ?? '') ?? [];
  if (path === undefined || judged.catalogue.from !== 'installed') return undefined;
  const uri = vscode.Uri.file(path);
  return (await exists(uri)) ? new vscode.Location(uri, new vscode.Position(Number(line) - 1, 0)) : undefined;
}

async function fileOf(text: string, beside: vscode.Uri): Promise<vscode.Location | undefined> {
  const [, path, name] = /^([^\s:]+\.(?:py|ya?ml|json|jinja2?|j2|txt|jsonl|sh))(?::(\w+))?$/.exec(text) ?? [];
  if (path === undefined) return undefined;
  const roots = [vscode.Uri.joinPath(beside, '..'), ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  for (const root of roots) {
    const uri = path.startsWith('/') ? root.with({ path }) : vscode.Uri.joinPath(root, path);
    if (await exists(uri)) return new vscode.Location(uri, await placeOf(name, uri));
  }
  return undefined;
}

/** The line that defines a function of a file; its start where there is none. */
async function placeOf(name: string | undefined, uri: vscode.Uri): Promise<vscode.Position> {
  const lines = name === undefined ? [] : ((await textOf(uri)) ?? '').split('\n');
  const line = lines.findIndex((one) => new RegExp(`^\\s*(async\\s+)?(def|class)\\s+${name}\\b`).test(one));
  return new vscode.Position(Math.max(0, line), 0);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
