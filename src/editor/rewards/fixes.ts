import { basename, dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { Guard } from '../guard';
import type { Scoring } from './scoring';
import type { Uses } from './uses';

/** Fixes for what training would stumble over: the PYTHONPATH that a launch needs. */
export function registerFixes(scoring: Scoring, uses: Uses, guard: Guard): Disposable {
  const owned = new Disposables();
  const provideCodeActions = guard.quietly(
    'fixes',
    async (document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> => {
      const found = scoring.of(document)?.rewards.flatMap(({ trace }) => trace?.contract ?? []) ?? [];
      const here = found.filter(({ line }) => range.start.line <= line - 1 && line - 1 <= range.end.line);
      const paths = new Set(here.flatMap(({ path }) => path ?? []));
      const named = paths.size === 0 ? [] : (await uses.of(document.fileName)).map(({ config }) => config);
      const shells = await Promise.all(
        [...new Set(named)]
          .filter((config) => config.endsWith('.sh'))
          .map((config) => vscode.workspace.openTextDocument(config)),
      );
      return [...paths].flatMap((path) => [...shells.map((script) => exported(script, path)), copied(path)]);
    },
  );
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  owned.add(vscode.languages.registerCodeActionsProvider({ language: 'python' }, { provideCodeActions }, kinds));
  owned.add(guard.command('grpoLens.copyText', (text) => vscode.env.clipboard.writeText(text)));
  return owned;
}

function copied(path: string): vscode.CodeAction {
  const text = `PYTHONPATH=${path}`;
  const action = new vscode.CodeAction(`Copy ${text} for the launch`, vscode.CodeActionKind.QuickFix);
  action.command = { command: 'grpoLens.copyText', title: action.title, arguments: [text] };
  return action;
}

/** Before the first command, relative to the script: it may be carried to another machine. */
function exported(script: vscode.TextDocument, path: string): vscode.CodeAction {
  const to = relative(dirname(script.fileName), path);
  const place = to === '' ? '$PWD' : to.startsWith('..') ? path : `$PWD/${to}`;
  const line = `export PYTHONPATH="${place}\${PYTHONPATH:+:$PYTHONPATH}"\n`;
  const action = new vscode.CodeAction(
    `Export PYTHONPATH in ${basename(script.fileName)}`,
    vscode.CodeActionKind.QuickFix,
  );
  const first = script.lineAt(0).text.startsWith('#!') ? 1 : 0;
  action.edit = new vscode.WorkspaceEdit();
  action.edit.insert(script.uri, new vscode.Position(first, 0), line);
  action.isPreferred = true;
  return action;
}
