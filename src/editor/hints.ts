import * as vscode from 'vscode';
import { settingAt, type Setting } from '../domain/sheet';
import type { Documents } from './documents';
import { isIn, rangeOf } from './places';

/** Longest value that stands beside its variable. */
const LONGEST = 40;

/** Beside `$NAME`: what it stands for. */
export function hintsIn(documents: Documents, document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
  return documents.read(document).judged.flatMap(({ sheet }) =>
    sheet.settings.flatMap((setting) => {
      const { valueSpan, variable, text } = setting;
      if (!valueSpan || variable === undefined || text === undefined || !isIn(document, valueSpan, range)) return [];
      const label = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
      const hint = new vscode.InlayHint(
        document.positionAt(valueSpan.end),
        `= ${label}`,
        vscode.InlayHintKind.Parameter,
      );
      hint.paddingLeft = true;
      return [hint];
    }),
  );
}

/** From a variable to its assignment, from a file's name to the file. */
export async function definitionAt(
  documents: Documents,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Location | undefined> {
  const offset = document.offsetAt(position);
  for (const { sheet } of documents.read(document).judged) {
    const setting = settingAt(sheet, offset);
    if (!setting || (setting.key.start <= offset && offset < setting.key.end)) continue;
    if (setting.definition) return new vscode.Location(document.uri, rangeOf(document, setting.definition));
    return fileOf(setting, document.uri);
  }
  return undefined;
}

async function fileOf({ text = '' }: Setting, beside: vscode.Uri): Promise<vscode.Location | undefined> {
  const [, path] = /^([^\s:]+\.(?:py|ya?ml|json|jinja|txt|jsonl))(?::\w+)?$/.exec(text) ?? [];
  if (path === undefined) return undefined;
  const roots = [vscode.Uri.joinPath(beside, '..'), ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  for (const root of roots) {
    const uri = path.startsWith('/') ? root.with({ path }) : vscode.Uri.joinPath(root, path);
    const found = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (found) return new vscode.Location(uri, new vscode.Position(0, 0));
  }
  return undefined;
}
