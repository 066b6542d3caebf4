import * as vscode from 'vscode';
import { setting } from '../settings';

/** The part of the Python extension's API that we read, where it is installed. */
interface PythonApi {
  readonly environments?: { getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string } };
}

/** Which Python runs rewards: our setting, else the Python extension's choice, else `python3` of the PATH. */
export async function interpreter(resource?: vscode.Uri): Promise<string> {
  const own = setting('grpoLens.python.interpreter', resource).trim();
  if (own !== '') return own;
  return (await chosenByPythonExtension(resource)) ?? 'python3';
}

async function chosenByPythonExtension(resource: vscode.Uri | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (!extension) return undefined;
  const api = extension.isActive ? extension.exports : await extension.activate();
  const path = api.environments?.getActiveEnvironmentPath(resource).path;
  return path === 'python' ? undefined : path;
}

/** Asks for an interpreter and keeps the answer in the workspace's settings. */
export async function chooseInterpreter(): Promise<void> {
  const path = await vscode.window.showInputBox({
    title: 'Python that runs rewards',
    prompt: 'Path of a Python 3.9 or newer; empty for the Python extension’s choice or python3.',
    value: setting('grpoLens.python.interpreter'),
  });
  if (path === undefined) return;
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  await vscode.workspace.getConfiguration().update('grpoLens.python.interpreter', path, !inWorkspace);
}
