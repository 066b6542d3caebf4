import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { onTarget, undetachedWords } from '../../domain/runs/hostWords';
import { readDocument } from '../../domain/dialects/all';
import { frameworkOf } from '../../domain/frameworks/command';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { which } from '../../domain/frameworks/which';
import type { Wish } from '../../domain/runs/launch';
import { FILE, launchCell, type LaunchCell } from '../../domain/runs/notebookLaunch';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { Runs } from '../../machine/runs/runs';
import { outputTypes, OUTPUT_VERSION, type RunOutput } from '../../wire/notebook';
import { headerOf } from '../../wire/opening';
import { agreed } from '../runs/launchAgreed';
import type { RunTree } from '../runs/runs';
import type { ShownTexts } from '../runs/scripts';
import { itemsOf } from './outputs';
import { folderOf } from '../notebookFolder';
import type { Runner } from './session';

export interface LaunchRoom {
  readonly runs: Runs;
  readonly tree: RunTree;
  readonly texts: ShownTexts;
}

/** Shows what would be started, starts it, and leaves the run's card, which follows the run by itself. */
export function launchRunner(room: LaunchRoom): Runner {
  return async (cell, output) => {
    const read = launchCell(cell.document.languageId, cell.document.getText());
    if (!read) throw new Problem({ code: 'bad-input', message: 'Begin the cell with %%launch to start it as a run.' });
    if ('wrong' in read) throw new Problem({ code: 'bad-input', message: read.wrong });
    const run = await started(read, cell, room);
    if (!run) {
      output.stream('stderr', 'Not started.\n');
      return false;
    }
    output.display(cardOf(run));
    return true;
  };
}

/** The run, once the user has seen what starts and agreed; undefined where they did not. */
export async function started(read: LaunchCell, cell: vscode.NotebookCell, room: LaunchRoom): Promise<Run | undefined> {
  const wish = await agreed(room, await wishOf(read, cell, folderOf(cell.notebook)));
  if (!wish) return undefined;
  const begun = await room.runs.launch(wish);
  const { run } = begun;
  const warning = undetachedWords(run.name, begun);
  if (warning !== undefined) void vscode.window.showWarningMessage(warning);
  void room.tree.lookAround(run.target);
  return run;
}

/** The run's card as an output of a cell. */
export function cardOutput(run: Run): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput(itemsOf(cardOf(run)), { outputType: 'display_data' });
}

async function wishOf(read: LaunchCell, cell: vscode.NotebookCell, folder: string): Promise<Wish> {
  const notebook = basename(cell.notebook.uri.path).replace(/\.ipynb$/, '');
  const { target, env } = read;
  const here = target === 'here';
  const command =
    read.file === undefined ? read.command : await withFile(read.command, read.file, { folder, notebook });
  return {
    name: read.name ?? notebook,
    framework: framework(read, cell),
    command,
    cwd: here ? folder : '~',
    env,
    target,
    inputs: [
      {
        path: `${notebook}.cell-${cell.index + 1}.${read.file === undefined ? 'sh' : 'yaml'}`,
        text: cell.document.getText(),
      },
    ],
    ...(read.outputs === undefined ? {} : { outputs: here ? resolve(folder, read.outputs) : read.outputs }),
  };
}

/** By the settings of the cell, else by the command's first words. */
function framework({ command, file }: LaunchCell, cell: vscode.NotebookCell): FrameworkId {
  const text = file ?? command.at(-1) ?? '';
  const { sheets } = readDocument(file === undefined ? 'shellscript' : cell.document.languageId, text, undefined);
  return sheets.map(which).find(Boolean)?.id ?? frameworkOf(command);
}

/** Beside the notebook, named by what it holds: a run never sees it change. */
async function withFile(
  command: readonly string[],
  text: string,
  { folder, notebook }: { readonly folder: string; readonly notebook: string },
): Promise<string[]> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const path = join(folder, `${notebook}-${hash}.yaml`);
  await vscode.workspace.fs.writeFile(vscode.Uri.file(path), Buffer.from(text));
  return command.map((word) => word.replaceAll(FILE, path));
}

/** The card as it is at the start; drawn in an editor with us, it goes on by itself. */
function cardOf(run: Run): Readonly<Record<string, unknown>> {
  const header = headerOf(run, { step: 0, steps: undefined, changedAt: 0 });
  const card: RunOutput = {
    version: OUTPUT_VERSION,
    taken: Date.now(),
    header: { ...header },
    curves: [],
    problems: [],
  };
  const words = `${run.name}: ${run.state}, ${onTarget(run.target)}, in ${run.folder}`;
  return { [outputTypes.run]: card, 'text/plain': words };
}
