import { basename } from 'node:path';
import * as vscode from 'vscode';
import { downloadedIds } from '../../machine/config/workspaceFiles';
import type { ViewWish } from '../../machine/data/seeing';
import { FOREIGN } from '../places';

const MOST_FILES = 400;
const LARGEST = 300_000;

interface Choice extends vscode.QuickPickItem {
  readonly wish?: ViewWish | null;
  readonly folder?: true;
}

/** Configurations of the workspace that name a data set, nearest names first. */
async function configsWith(file: string): Promise<readonly Choice[]> {
  const found = await vscode.workspace.findFiles('**/*.{sh,bash,yaml,yml,py}', FOREIGN, MOST_FILES);
  const name = basename(file);
  const texts = await Promise.all(found.map(async (uri) => ({ uri, text: await textOf(uri) })));
  return texts
    .filter(({ text }) => text.includes(name))
    .map(({ uri }) => ({
      label: vscode.workspace.asRelativePath(uri),
      description: 'trains with this data set',
      wish: { config: uri.fsPath },
    }));
}

async function textOf(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  return size > LARGEST ? '' : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

const CONFIG: Choice = { label: 'A configuration…', description: 'a script, YAML or Python file that trains' };
const FOLDER: Choice = {
  label: 'A model’s folder…',
  description: 'with its tokenizer and chat template',
  folder: true,
};

/** The training or model through which a data set is looked at; undefined: given up. `none` offers to go without. */
export async function askView(file: string, title: string, none?: string): Promise<ViewWish | undefined | null> {
  const models = downloadedIds().map((id) => ({ label: id, description: 'downloaded', wish: { model: id } }));
  const without: Choice[] = none === undefined ? [] : [{ label: none, wish: null }];
  const items: Choice[] = [...without, ...(await configsWith(file)), ...models, CONFIG, FOLDER];
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (!chosen || chosen.wish !== undefined) return chosen?.wish;
  const path = await askPath(chosen.folder === true);
  if (path === undefined) return undefined;
  return chosen.folder ? { model: path } : { config: path };
}

async function askPath(folder: boolean): Promise<string | undefined> {
  const kinds = folder ? { canSelectFolders: true, canSelectFiles: false } : {};
  const filters = folder ? {} : { filters: { Configurations: ['sh', 'bash', 'yaml', 'yml', 'py'] } };
  return (await vscode.window.showOpenDialog({ ...kinds, ...filters, openLabel: 'Look Through This' }))?.[0]?.fsPath;
}
