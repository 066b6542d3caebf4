import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import type { Runs } from '../../machine/runs/runs';
import type { Targets } from '../../machine/hosts/targets';
import type { Guard } from '../guard';
import { setting } from '../settings';
import { agreed } from './launchAgreed';
import { whereToRun } from './launchWhere';
import { nameOf, startable, wishOf } from './launchWish';
import type { RunTree } from './runs';
import type { ShownTexts } from './scripts';

export interface LaunchRoom {
  readonly runs: Runs;
  readonly targets: Targets;
  readonly tree: RunTree;
  readonly texts: ShownTexts;
}

/** Starts a document as a run that outlives the editor: asks where, shows what, starts it, opens its page. */
export function registerLaunch(room: LaunchRoom, guard: Guard): Disposable {
  return guard.command('grpoLens.launch', async (file) => {
    if (!vscode.workspace.isTrusted) {
      const message = 'Nothing is started here, since this workspace is not trusted.';
      throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
    }
    await launch(room, await documentOf(file));
  });
}

async function launch(room: LaunchRoom, document: vscode.TextDocument): Promise<void> {
  const { runs, tree } = room;
  const target = await whereToRun(room, setting('grpoLens.config.installedOn', document.uri).trim());
  const cwd = target === undefined ? undefined : await folderFor(room, document, target);
  if (target === undefined || cwd === undefined) return;
  const wish = await agreed(room, await wishOf(document, target, cwd));
  if (!wish) return;
  const { run } = await runs.launch(wish);
  void tree.lookAround(target);
  await vscode.commands.executeCommand('grpoLens.openRun', run.id);
}

async function documentOf(file: string | { readonly fsPath: string } | undefined): Promise<vscode.TextDocument> {
  const path = typeof file === 'string' ? file : file?.fsPath;
  const document =
    path === undefined ? vscode.window.activeTextEditor?.document : await vscode.workspace.openTextDocument(path);
  if (document && startable.includes(document.languageId)) return document;
  throw new Problem({
    code: 'bad-input',
    message: 'Open the shell script, the Python file or the YAML configuration that starts the training.',
  });
}

/** Here a document runs from where it lies; elsewhere from a folder of that host, the last one it ran in at first. */
async function folderFor(
  { runs }: LaunchRoom,
  document: vscode.TextDocument,
  target: string,
): Promise<string | undefined> {
  if (target === 'here') return dirname(document.fileName);
  const before = (await runs.list(target)).runs.find(({ launch }) => launch?.name === nameOf(document));
  const value = before?.launch?.cwd ?? '~';
  const prompt = 'Relative paths start there; the script itself is copied.';
  return vscode.window.showInputBox({ title: `Folder on ${target}`, prompt, value, ignoreFocusOut: true });
}
