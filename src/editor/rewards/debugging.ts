import { basename, delimiter, dirname } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import { ADAPTER, hasDebugpy } from '../../machine/rewards/debugAdapter';
import type { Guard } from '../guard';
import { interpreter } from '../config/interpreter';
import { debuggedPath } from './cellDebugging';
import type { Scoring } from './scoring';
import { openDocument, type Selection } from './selection';

/** The Python debugger's extensions, with the type of launch that each one knows; the newer first. */
export const DEBUGGERS = [
  { extension: 'ms-python.debugpy', type: 'debugpy' },
  { extension: 'ms-python.python', type: 'python' },
] as const;

/** Type of a session by the adapter of the interpreter's own debugpy. */
export const OWN = 'grpoLens.debugpy';

/** Starts the user's Python debugger on one sample of a reward: a plain call, with breakpoints. */
export function registerDebugging(
  context: vscode.ExtensionContext,
  parts: { readonly scoring: Scoring; readonly selection: Selection },
  guard: Guard,
): Disposable {
  const owned = new Disposables();
  owned.add(vscode.debug.registerDebugAdapterDescriptorFactory(OWN, { createDebugAdapterDescriptor: adapter }));
  const debugSample = async (file?: string, reward?: string): Promise<void> => {
    const document = openDocument(file);
    const python = await interpreter(document.uri);
    const type = await debuggerType(python);
    const selected = parts.selection.of(document);
    const wanted = reward ?? selected?.reward;
    const shown = parts.scoring.of(document)?.rewards.find((one) => one.reward.name === wanted);
    const sample = selected?.reward === wanted ? (selected?.sample ?? 0) : 0;
    if (!shown?.prepared) {
      throw new Problem({ code: 'missing', message: 'Choose samples for this reward first; one of them is debugged.' });
    }
    const { columns, conversational = false } = shown.prepared.samples;
    const one = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [values[sample]]]));
    const { path, standIn } = await debuggedPath(document, context.globalStorageUri);
    const own = { path, reward: shown.reward.name, ...shown.given };
    const asked = { ...own, columns: one, conversational };
    const place = vscode.Uri.joinPath(context.globalStorageUri, 'debugged-sample.json');
    await vscode.workspace.fs.writeFile(place, Buffer.from(JSON.stringify(asked)));
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    const home = vscode.Uri.joinPath(context.extensionUri, 'python').fsPath;
    await vscode.debug.startDebugging(folder, {
      ...{ type, request: 'launch', name: `${shown.reward.name}, sample ${sample} (${basename(document.fileName)})` },
      ...{ module: 'grpo_lens.debug', args: [place.fsPath], python },
      cwd: folder?.uri.fsPath ?? dirname(document.fileName),
      ...(standIn ? { grpoLensCell: standIn } : {}),
      env: {
        PYTHONPATH: [home, standIn ? dirname(document.fileName) : '', process.env['PYTHONPATH'] ?? '']
          .filter((path) => path !== '')
          .join(delimiter),
      },
      justMyCode: true,
    });
  };
  owned.add(guard.command('grpoLens.debugSample', debugSample));
  return owned;
}

/** debugpy's own adapter in the interpreter that is debugged. */
function adapter({ configuration }: vscode.DebugSession): vscode.DebugAdapterDescriptor {
  return new vscode.DebugAdapterExecutable(String(configuration['python']), [...ADAPTER]);
}

/** The Python debugger's extension where it is present, else the interpreter's own debugpy. Errors: `untrusted`, `missing`. */
async function debuggerType(python: string): Promise<string> {
  if (!vscode.workspace.isTrusted) {
    const message = 'Rewards are not run here, since this workspace is not trusted.';
    throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
  }
  const found = DEBUGGERS.find(({ extension }) => vscode.extensions.getExtension(extension) !== undefined);
  if (found) return found.type;
  if (await hasDebugpy(python)) return OWN;
  const message =
    'To debug a sample with breakpoints, install the extension Python Debugger (ms-python.debugpy), or debugpy into this Python (pip install debugpy), and try again.';
  throw new Problem({ code: 'missing', message });
}
