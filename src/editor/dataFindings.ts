import * as vscode from 'vscode';
import type { Weight } from '../domain/finding';
import { check } from '../machine/data/check';
import { checkText } from '../machine/commands/dataText';
import type { Log } from './log';

const SEVERITY: Readonly<Record<Weight, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
};

/** Checks a data set under a progress bar; what is found stands in the file, and all of it in the log. */
export async function checkDataset(file: string, shown: vscode.DiagnosticCollection, log: Log): Promise<void> {
  const against = await otherSet(file);
  if (against === null) return;
  const title = `Checking ${vscode.workspace.asRelativePath(file)}`;
  const report = await withProgress(title, (signal, progress) =>
    check(file, { signal, progress, ...(against === undefined ? {} : { against }) }),
  );
  const diagnostics = report.findings.map(({ line = 1, weight, text, rule, row }) => {
    const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
    const where = row !== undefined && line === 1 && row > 0 ? `Row ${row}: ` : '';
    const diagnostic = new vscode.Diagnostic(range, where + text, SEVERITY[weight]);
    diagnostic.source = 'GRPO Lens';
    diagnostic.code = rule;
    return diagnostic;
  });
  shown.set(vscode.Uri.file(file), diagnostics);
  log.info(checkText(file, report));
  const faults = report.findings.length;
  const text = `${report.rows} records, ${faults === 0 ? 'no findings' : `${faults} findings`}.`;
  const act = faults === 0 ? undefined : 'Show Problems';
  const chosen = await vscode.window.showInformationMessage(text, ...(act ? [act] : []), 'Browse', 'Show Report');
  if (chosen === 'Show Problems') await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (chosen === 'Browse') await vscode.commands.executeCommand('grpoLens.browseDataset', file);
  if (chosen === 'Show Report') log.show();
}

/** The held-out set that must not share prompts with this one; null: the user gave up. */
async function otherSet(file: string): Promise<string | undefined | null> {
  const pattern = '**/*{val,test,eval,train}*.{jsonl,json,parquet}';
  const found = (await vscode.workspace.findFiles(pattern, '**/node_modules/**', 50)).filter(
    ({ fsPath }) => fsPath !== file,
  );
  if (found.length === 0) return undefined;
  const none = { label: 'No other data set', path: undefined };
  const items = [
    none,
    ...found.map(({ fsPath }) => ({ label: vscode.workspace.asRelativePath(fsPath), path: fsPath })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Prompts must not stand in…' });
  return chosen === undefined ? null : chosen.path;
}

/** Runs something long that can be cancelled and tells how many records it has read. */
export function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, progress: (rows: number) => void) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return run(stop.signal, (rows) => progress.report({ message: `${rows.toLocaleString('en')} records` }));
    }),
  );
}
