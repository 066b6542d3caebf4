import { homedir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { counted } from '../../base/counted';
import type { DataForm } from '../../domain/dataset/dataset';
import { dataForms } from '../../domain/frameworks/datasets';
import { planText } from '../../machine/commands/dataText';
import { convert, drop, plan } from '../../machine/data/convert';
import type { DataFile } from './dataPlace';
import { withProgress } from './progress';

/** Asks for form and file, says what will be lost, and only then writes. */
export async function convertDataset({ file, far }: DataFile, threads: string): Promise<void> {
  const to = await askForm();
  const folder = far ? (vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir()) : dirname(file);
  const output = to && (await askOutput(join(folder, basename(file)), to));
  if (!to || output === undefined) return;
  const name = basename(file);
  const made = await withProgress(`Reading ${name}`, (signal, progress) =>
    plan({ input: file, output, to }, { signal, progress, threads, ahead: true }),
  );
  const detail = planText(made);
  const title = `Write ${counted(made.rows, 'record')} to ${basename(output)}?`;
  if ((await vscode.window.showInformationMessage(title, { modal: true, detail }, 'Write')) !== 'Write')
    return drop(made);
  const rows = await withProgress(`Writing ${basename(output)}`, (signal, progress) =>
    convert(made, { signal, progress, threads }),
  );
  const act = await vscode.window.showInformationMessage(
    `${counted(rows, 'record')} written to ${basename(output)}.`,
    'Browse',
  );
  if (act === 'Browse') await vscode.commands.executeCommand('grpoLens.browseDataset', output);
}

async function askForm(): Promise<DataForm | undefined> {
  const items = dataForms.map((form) => ({ label: form.name, form }));
  return (await vscode.window.showQuickPick(items, { title: 'Convert to' }))?.form;
}

async function askOutput(file: string, to: DataForm): Promise<string | undefined> {
  const end = extname(file);
  const name = `${basename(file, end)}_${to.id}${end}`;
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(dirname(file), name)),
    filters: { 'JSON Lines': ['jsonl'], JSON: ['json'], Parquet: ['parquet'] },
    title: 'Write the converted data set to',
  });
  return chosen?.fsPath;
}
