import { basename, dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { readDocument } from '../domain/dialects/all';
import { frameworkOf } from '../domain/frameworks/command';
import { which } from '../domain/frameworks/which';
import type { Wish } from '../domain/launch';
import { shellLaunch } from '../domain/notebookLaunch';
import { Problem } from '../domain/problem';
import type { Sheet } from '../domain/sheet';
import type { Runs } from '../machine/runs';
import type { Targets } from '../machine/targets';
import type { Guard } from './guard';
import { interpreter } from './interpreter';
import { agreed } from './launchAgreed';
import type { RunTree } from './runs';

export interface LaunchRoom {
  readonly runs: Runs;
  readonly targets: Targets;
  readonly tree: RunTree;
}

/** Starts a script as a run that outlives the editor: asks where, shows what, starts it, opens its page. */
export function registerLaunch(room: LaunchRoom, guard: Guard): Disposable {
  return guard.command('grpoLens.launch', async (file) => {
    if (!vscode.workspace.isTrusted) {
      const message = 'Nothing is started here, since this workspace is not trusted.';
      throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
    }
    await launch(room, await documentOf(file));
  });
}

async function launch({ runs, targets, tree }: LaunchRoom, document: vscode.TextDocument): Promise<void> {
  const target = await askTarget(targets);
  if (target === undefined) return;
  const wish = await wishOf(document, target);
  const { script } = await runs.preview(wish);
  if (!(await agreed(wish, script))) return;
  const { run } = await runs.launch(wish);
  await tree.refresh();
  await vscode.commands.executeCommand('grpoLens.openRun', run.id);
}

async function documentOf(file: string | { readonly fsPath: string } | undefined): Promise<vscode.TextDocument> {
  const path = typeof file === 'string' ? file : file?.fsPath;
  const document =
    path === undefined ? vscode.window.activeTextEditor?.document : await vscode.workspace.openTextDocument(path);
  if (document && ['shellscript', 'python'].includes(document.languageId)) return document;
  throw new Problem({
    code: 'bad-input',
    message: 'Open the shell script or the Python file that starts the training.',
  });
}

async function askTarget(targets: Targets): Promise<string | undefined> {
  const names = (await targets.all()).map(({ name }) => name);
  return names.length < 2 ? 'here' : vscode.window.showQuickPick(names, { title: 'On which host?' });
}

/** The text as it is in the editor, so what was just changed is what runs; a Python file runs from where it is. */
async function wishOf(document: vscode.TextDocument, target: string): Promise<Wish> {
  const here = target === 'here';
  const cwd = here ? dirname(document.fileName) : '~';
  const text = document.getText();
  const { sheets } = readDocument(document.languageId, text, undefined);
  const told = await commandOf(document, here);
  const outputs = outputsOf(sheets);
  return {
    name: `${basename(dirname(document.fileName))}/${basename(document.fileName)}`,
    framework: sheets.map(which).find(Boolean)?.id ?? frameworkOf(told.command),
    ...told,
    cwd,
    target,
    inputs: [{ path: basename(document.fileName), text }],
    ...(outputs === undefined ? {} : { outputs: here ? resolve(cwd, outputs) : outputs }),
  };
}

async function commandOf(document: vscode.TextDocument, here: boolean): Promise<Pick<Wish, 'command' | 'env'>> {
  if (document.languageId === 'shellscript') return shellLaunch(document.getText());
  if (document.isDirty) await document.save();
  if (here) return { command: [await interpreter(document.uri), document.fileName] };
  const message = 'A Python file is started where it lies: start a shell script on the host that runs it there.';
  throw new Problem({ code: 'unsupported', message });
}

/** Where the trainer writes, as far as a text of one command says it. */
function outputsOf(sheets: readonly Sheet[]): string | undefined {
  const settings = sheets.flatMap((sheet) => sheet.settings);
  return settings.find(({ path }) => path === 'output_dir')?.text;
}
