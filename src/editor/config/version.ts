import * as vscode from 'vscode';
import { Disposables } from '../../base/disposable';
import { languages } from '../../domain/dialects/all';
import type { Framework } from '../../domain/frameworks/framework';
import { frameworks } from '../../domain/frameworks/which';
import type { Judged } from '../../domain/language/resolve';
import type { Targets } from '../../machine/hosts/targets';
import { pinned, type Documents } from '../documents';
import type { Guard } from '../guard';
import { setting } from '../settings';

/** The status bar tells which framework's version judges the document at hand, and where it came from. */
export function versionInForce(documents: Documents, targets: Targets, guard: Guard): Disposables {
  const owned = new Disposables();
  const item = owned.add(vscode.window.createStatusBarItem('grpoLens.version', vscode.StatusBarAlignment.Right, 90));
  item.name = 'GRPO framework version';
  item.command = 'grpoLens.chooseVersion';
  const refresh = guard.quietly('the framework version', () => draw(item, documents));
  owned.add(vscode.window.onDidChangeActiveTextEditor(() => void refresh()));
  owned.add(documents.onChange(() => void refresh()));
  owned.add(vscode.workspace.onDidSaveTextDocument(() => void refresh()));
  owned.add(guard.command('grpoLens.chooseVersion', () => choose(documents, targets)));
  void refresh();
  return owned;
}

function shown(documents: Documents): { readonly document: vscode.TextDocument; readonly one: Judged } | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const judged = document && languages.includes(document.languageId) ? documents.read(document).judged : [];
  const [one] = judged;
  return document && one && { document, one };
}

function draw(item: vscode.StatusBarItem, documents: Documents): void {
  const found = shown(documents);
  if (!found) return item.hide();
  const { framework, catalogue } = found.one;
  const origin = originOf(found.one, documents, found.document.uri);
  item.text = `${framework.name} ${catalogue.version}${origin.short}`;
  item.tooltip = `${framework.name} ${catalogue.version}: ${origin.long}`;
  item.show();
}

/** Where a version came from, beside it and as a sentence. */
function originOf(
  { framework, catalogue }: Judged,
  documents: Documents,
  scope: vscode.Uri,
): { readonly short: string; readonly long: string } {
  if (framework.source === undefined) {
    const own = catalogue.repository === '';
    return { short: '', long: own ? 'read from the script that the command starts.' : 'what GRPO Lens ships.' };
  }
  if (pinned(setting('grpoLens.config.version', scope), framework.id) !== undefined)
    return { short: ' (pinned)', long: 'pinned by the setting grpoLens.config.version.' };
  const { target, python, trouble } = documents.installations.place(scope);
  if (catalogue.from === 'installed') {
    const where = target === 'here' ? (python ?? 'here') : `${target}, ${python ?? ''}`;
    return { short: target === 'here' ? ' (installed)' : ` (${target})`, long: `as installed in ${where}.` };
  }
  if (trouble !== undefined) return { short: ' (shipped)', long: `what GRPO Lens ships. ${trouble}` };
  const none = python === undefined ? '' : ` ${python} has no ${framework.name}.`;
  return { short: ' (shipped)', long: `what GRPO Lens ships.${none}` };
}

interface Choice extends vscode.QuickPickItem {
  readonly act: () => Promise<void> | void;
}

async function choose(documents: Documents, targets: Targets): Promise<void> {
  const found = shown(documents);
  const framework = found?.one.framework.source ? found.one.framework : undefined;
  const names = (await targets.all()).map(({ name }) => name);
  const choices: Choice[] = [
    ...names.map((name) => installedOn(name, documents, framework)),
    {
      label: 'What GRPO Lens ships',
      detail: frameworks.map(({ name, catalogue }) => `${name} ${catalogue.version}`).join(', '),
      act: async () => {
        await update('grpoLens.config.installedOn', '');
        await unpin(framework);
      },
    },
    { label: 'Pin a version…', detail: 'Whatever is installed', act: () => pin(framework) },
  ];
  const title = `Which version judges ${found ? found.one.framework.name : 'configurations'}?`;
  const chosen = await vscode.window.showQuickPick(choices, { title });
  await chosen?.act();
}

async function unpin(framework: Framework | undefined): Promise<void> {
  const rest = entries().filter(([name]) => framework !== undefined && name !== framework.id);
  await update('grpoLens.config.version', rest.map((entry) => entry.join('=')).join(', '));
}

function installedOn(name: string, { installations }: Documents, framework: Framework | undefined): Choice {
  return {
    label: name === 'here' ? 'What is installed here' : `What is installed on ${name}`,
    detail: name === 'here' ? 'In the interpreter that runs rewards' : 'In the interpreter of that target',
    act: async () => {
      await update('grpoLens.config.installedOn', name);
      await unpin(framework);
      installations.refresh();
    },
  };
}

function entries(): string[][] {
  const text = setting('grpoLens.config.version');
  return text.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.split('=').map((part) => part.trim())]));
}

async function pin(framework: Framework | undefined): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: 'Framework versions to judge by',
    prompt: `Such as ${frameworks.map(({ id, catalogue }) => `${id}=${catalogue.version}`).join(', ')}.`,
    value: setting('grpoLens.config.version') || (framework ? `${framework.id}=${framework.catalogue.version}` : ''),
  });
  if (text !== undefined) await update('grpoLens.config.version', text);
}

/** Where it was said before for the file that is looked at, else in the workspace. */
async function update(id: 'grpoLens.config.version' | 'grpoLens.config.installedOn', value: string): Promise<void> {
  const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
  const settings = vscode.workspace.getConfiguration(undefined, vscode.window.activeTextEditor?.document.uri);
  const wide = vscode.workspace.workspaceFolders ? Workspace : Global;
  await settings.update(id, value, settings.inspect(id)?.workspaceFolderValue === undefined ? wide : WorkspaceFolder);
}
