import { basename, dirname, resolve } from 'node:path';
import type * as vscode from 'vscode';
import { readDocument } from '../../domain/dialects/all';
import { frameworkOf } from '../../domain/frameworks/command';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { startCommand } from '../../domain/frameworks/start';
import { which } from '../../domain/frameworks/which';
import { INPUTS, pathIn, type Input, type Wish } from '../../domain/runs/launch';
import { shellLaunch } from '../../domain/runs/notebookLaunch';
import { Problem } from '../../domain/problem';
import { holdsSecret } from '../../domain/secret';
import type { Sheet } from '../../domain/config/sheet';
import { interpreter } from '../config/interpreter';
import { importedBeside } from './launchImports';

/** Languages of the documents that can be started. */
export const startable: readonly string[] = ['shellscript', 'python', 'yaml'];

interface Started {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly inputs?: readonly Input[];
}

/** What a document would start on a target: its text as it is in the editor now, so what was just changed is what runs. */
export async function wishOf(document: vscode.TextDocument, target: string, cwd: string): Promise<Wish> {
  const here = target === 'here';
  const { sheets } = readDocument(document.languageId, document.getText(), undefined);
  const framework = sheets.map(which).find(Boolean)?.id;
  const told = await startOf(document, framework, here);
  const outputs = outputsOf(sheets);
  return {
    name: nameOf(document),
    framework: framework ?? frameworkOf(told.command),
    inputs: [{ path: basename(document.fileName), text: document.getText() }],
    ...told,
    cwd,
    target,
    ...(outputs === undefined ? {} : { outputs: here ? resolve(cwd, outputs) : pathIn(cwd, outputs) }),
  };
}

/** `tiny-count/train.sh`: what a run of this document is called. */
export function nameOf({ fileName }: vscode.TextDocument): string {
  return `${basename(dirname(fileName))}/${basename(fileName)}`;
}

async function startOf(
  document: vscode.TextDocument,
  framework: FrameworkId | undefined,
  here: boolean,
): Promise<Started> {
  if (document.languageId === 'yaml') return fromConfig(document, framework, here);
  if (document.languageId === 'shellscript') return shellLaunch(document.getText());
  if (document.isDirty) await document.save();
  return here ? { command: [await interpreter(document.uri), document.fileName] } : copiedPython(document);
}

/** A copy in the run's own folder is read, so that the run never sees the file change; not where it must hold a secret. */
async function fromConfig(
  document: vscode.TextDocument,
  framework: FrameworkId | undefined,
  here: boolean,
): Promise<Started> {
  const { fileName } = document;
  const secret = holdsSecret(document.getText());
  if (secret && here && document.isDirty) await document.save();
  if (secret && !here) throw secretInside(fileName);
  const command = framework && startCommand(framework, secret ? dirname(fileName) : INPUTS, basename(fileName));
  if (command) return { command };
  throw new Problem({
    code: 'unsupported',
    message: `${basename(fileName)} is no configuration of a framework that says how it is started: start the script that reads it.`,
  });
}

/** The file and the modules beside it that it imports are copied into the run's folder, and run from there. */
async function copiedPython(document: vscode.TextDocument): Promise<Started> {
  const text = document.getText();
  const inputs = [{ path: basename(document.fileName), text }, ...(await importedBeside(document.uri, text))];
  const secret = inputs.find((input) => holdsSecret(input.text));
  if (secret) throw secretInside(secret.path);
  return { command: ['python3', `${INPUTS}/${basename(document.fileName)}`], inputs };
}

function secretInside(path: string): Problem {
  const message = `${basename(path)} holds a secret, which is never copied to another host: let it read a variable instead.`;
  return new Problem({ code: 'unsupported', message });
}

/** Where the trainer writes, as far as a text of one command says it. */
function outputsOf(sheets: readonly Sheet[]): string | undefined {
  const settings = sheets.flatMap((sheet) => sheet.settings);
  return settings.find(({ path }) => path === 'output_dir')?.text;
}
