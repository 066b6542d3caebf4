import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { KnownRuns } from '../../machine/runs/known';
import { executed, runNotebook, type NotebookWish } from '../../machine/runs/runNotebook';
import { openTable, type Table } from '../../machine/table/table';
import type { Guard } from '../guard';
import { interpreter } from '../config/interpreter';
import type { RunTree } from '../runs/runs';

interface Room {
  readonly tree: RunTree;
  readonly known: KnownRuns;
  readonly home: string;
  readonly guard: Guard;
}

/** Width for which its curves are asked; only the notes are wanted. */
const WIDTH = 2;

/** Writes a run as a notebook, with what its cells show where Python may run, and opens it. */
export async function openRunAsNotebook({ tree, known, home, guard }: Room, word?: string, to?: string): Promise<void> {
  const run = word === undefined ? await choose(tree) : await tree.find(word);
  if (!run) return;
  if (run.target !== 'here') {
    const message = `The files of ${run.name} are on ${run.target}: open that host in a Remote-SSH window to make a notebook of it.`;
    throw new Problem({ code: 'unsupported', message });
  }
  const file = to === undefined ? await askFile(run) : vscode.Uri.file(to);
  if (!file) return;
  const title = `Writing ${basename(file.path)}…`;
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title }, () => write(run, file, { known, home, guard }));
  await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(file));
}

async function write(run: Run, file: vscode.Uri, { known, home, guard }: Omit<Room, 'tree'>): Promise<void> {
  const folder = run.outputs ?? run.folder;
  const samplesName = `${basename(file.fsPath, '.ipynb')}.samples.jsonl`;
  const { notes } = await known.open(run).opening(WIDTH);
  const [table, rewards] = [await tableOf(folder), await rewardsBeside(run)];
  const wish: NotebookWish = { run, table, notes, rewards, samplesName };
  const { notebook, samples } = await runNotebook(wish, home);
  if (samples !== undefined)
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(file, '..', samplesName), Buffer.from(samples));
  await vscode.workspace.fs.writeFile(file, Buffer.from(notebook));
  if (!vscode.workspace.isTrusted) return;
  const python = await interpreter(file);
  const execute = guard.quietly('running the cells of a notebook', () =>
    executed(notebook, { python, home, cwd: dirname(file.fsPath) }),
  );
  const whole = await execute();
  if (whole !== undefined) await vscode.workspace.fs.writeFile(file, Buffer.from(whole));
}

async function choose(tree: RunTree): Promise<Run | undefined> {
  const items = (await tree.all()).map(({ run }) => ({
    label: run.name,
    description: run.state,
    detail: run.folder,
    run,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Which run as a notebook?' }))?.run;
}

function askFile(run: Run): Thenable<vscode.Uri | undefined> {
  const name = `${run.name.replace(/[^A-Za-z0-9._-]+/g, '-')}.ipynb`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(run.folder);
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { Notebook: ['ipynb'] },
  });
}

/** Undefined for a run that left no completions. */
async function tableOf(folder: string): Promise<Table | undefined> {
  try {
    return await openTable(folder);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** The reward file that stands beside the run, by its usual names. */
async function rewardsBeside(run: Run): Promise<NotebookWish['rewards']> {
  const folders = [...(run.launch ? [run.launch.cwd] : []), dirname(run.outputs ?? run.folder)];
  for (const path of folders.flatMap((folder) => ['rewards.py', 'reward.py'].map((name) => join(folder, name)))) {
    try {
      return { path, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(path))) };
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError)) throw error;
    }
  }
  return undefined;
}
