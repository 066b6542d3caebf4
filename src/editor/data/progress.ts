import * as vscode from 'vscode';

/** Runs something long that can be cancelled and tells how far it has come. */
export function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, progress: (count: number) => void) => Promise<T>,
  unit = 'records',
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return run(stop.signal, (count) => progress.report({ message: `${count.toLocaleString('en')} ${unit}` }));
    }),
  );
}
