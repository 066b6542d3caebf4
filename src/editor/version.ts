import * as vscode from 'vscode';
import { Disposables } from '../base/disposable';
import { languages } from '../domain/dialects/all';
import { frameworks } from '../domain/frameworks/which';
import type { Documents } from './documents';
import type { Guard } from './guard';
import { setting } from './settings';

/** The status bar tells which framework's version judges the document at hand; a click pins another. */
export function versionInForce(documents: Documents, guard: Guard): Disposables {
  const owned = new Disposables();
  const item = owned.add(vscode.window.createStatusBarItem('grpoLens.version', vscode.StatusBarAlignment.Right, 90));
  item.name = 'GRPO framework version';
  item.command = 'grpoLens.chooseVersion';
  const refresh = guard.quietly('the framework version', () => draw(item, documents));
  owned.add(vscode.window.onDidChangeActiveTextEditor(() => void refresh()));
  owned.add(documents.onChange(() => void refresh()));
  owned.add(vscode.workspace.onDidSaveTextDocument(() => void refresh()));
  owned.add(guard.command('grpoLens.chooseVersion', chooseVersion));
  void refresh();
  return owned;
}

function draw(item: vscode.StatusBarItem, documents: Documents): void {
  const document = vscode.window.activeTextEditor?.document;
  const judged = document && languages.includes(document.languageId) ? documents.read(document).judged : [];
  const [one] = judged;
  if (!one) return item.hide();
  const { framework, catalogue } = one;
  const pinned = catalogue.version !== framework.catalogue.version;
  item.text = `${framework.name} ${catalogue.version}`;
  item.tooltip = pinned ? 'Pinned by the setting grpoLens.config.version' : 'The version that GRPO Lens ships';
  item.show();
}

async function chooseVersion(): Promise<void> {
  const shipped = frameworks.map(({ id, catalogue }) => `${id}=${catalogue.version}`).join(', ');
  const text = await vscode.window.showInputBox({
    title: 'Framework versions to judge by',
    prompt: `Such as swift=3.12.0, trl=0.20.0; empty for what is shipped: ${shipped}.`,
    value: setting('grpoLens.config.version'),
  });
  if (text === undefined) return;
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  await vscode.workspace.getConfiguration().update('grpoLens.config.version', text, !inWorkspace);
}
