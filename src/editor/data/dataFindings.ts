import * as vscode from 'vscode';
import type { DataFinding } from '../../domain/dataset/checking';
import type { Weight } from '../../domain/config/finding';
import type { CheckReport } from '../../machine/data/check';
import { checkWith } from '../../machine/data/checkWith';
import { checkText } from '../../machine/commands/dataText';
import type { DataFile } from './dataPlace';
import { askView } from './dataWith';
import { interpreter } from '../config/interpreter';
import type { Log } from '../log';
import { FOREIGN } from '../places';
import { withProgress } from './progress';

const SEVERITY: Readonly<Record<Weight, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
};

/** Where a check needs our own files, and whom it tells. */
export interface Checking {
  readonly shown: vscode.DiagnosticCollection;
  readonly log: Log;
  /** Folder that holds our own `python`. */
  readonly root: string;
}

/** Checks a data set under a progress bar; what is found stands in the file. Undefined: the user gave up. */
export async function checkDataset(
  { file, far }: DataFile,
  { shown, log, root }: Checking,
): Promise<CheckReport | undefined> {
  const against = await otherSet(file);
  if (against === null) return undefined;
  const view = await askView(file, 'Check it beside the training that will use it', 'By itself');
  if (view === undefined) return undefined;
  const runs = view?.config !== undefined && vscode.workspace.isTrusted;
  const media = far ? { mediaFolder: far.mediaFolder, disk: far.disk } : {};
  const options = {
    ...media,
    ...(against === undefined ? {} : { against }),
    ...(view ? { view: { ...view, ...media } } : {}),
    ...(runs ? { asking: { python: await interpreter(vscode.Uri.file(file)) } } : {}),
  };
  const output = { print: (text: string) => log.info(text), note: (text: string) => log.info(text), root };
  const report = await withProgress(`Checking ${vscode.workspace.asRelativePath(file)}`, (signal, progress) =>
    checkWith(file, { ...options, signal, progress }, output),
  );
  shown.set(vscode.Uri.file(file), report.findings.map(diagnosticOf));
  log.info(checkText(file, report));
  return report;
}

function diagnosticOf({ line = 1, weight, text, rule, row }: DataFinding): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const where = row !== undefined && line === 1 && row > 0 ? `Row ${row}: ` : '';
  const diagnostic = new vscode.Diagnostic(range, where + text, SEVERITY[weight]);
  diagnostic.source = 'GRPO Lens';
  diagnostic.code = rule;
  return diagnostic;
}

/** The held-out set that must not share prompts with this one; null: the user gave up. */
async function otherSet(file: string): Promise<string | undefined | null> {
  const pattern = '**/*{val,test,eval,train}*.{jsonl,json,parquet}';
  const found = (await vscode.workspace.findFiles(pattern, FOREIGN, 50)).filter(({ fsPath }) => fsPath !== file);
  if (found.length === 0) return undefined;
  const none = { label: 'No other data set', path: undefined };
  const items = [
    none,
    ...found.map(({ fsPath }) => ({ label: vscode.workspace.asRelativePath(fsPath), path: fsPath })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Prompts must not stand in…' });
  return chosen === undefined ? null : chosen.path;
}
