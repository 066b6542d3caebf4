import * as vscode from 'vscode';
import type { DisplayTold, Outcome } from '../../wire/kernel';

/** The output of one running cell, written in the order it was told. */
export class CellOutput {
  #last: { readonly name: string; readonly output: vscode.NotebookCellOutput } | undefined;
  #written: Promise<unknown> = Promise.resolve();

  constructor(private readonly execution: vscode.NotebookCellExecution) {}

  /** Text of one stream goes on in one output until something else is shown. */
  stream(name: 'stdout' | 'stderr', text: string): void {
    const item = name === 'stdout' ? vscode.NotebookCellOutputItem.stdout : vscode.NotebookCellOutputItem.stderr;
    const last = this.#last;
    if (last?.name === name) {
      this.#next(() => this.execution.appendOutputItems(item(text), last.output));
      return;
    }
    const output = new vscode.NotebookCellOutput([item(text)]);
    this.#last = { name, output };
    this.#next(() => this.execution.appendOutput(output));
  }

  display(bundle: DisplayTold['bundle']): vscode.NotebookCellOutput {
    this.#last = undefined;
    const output = new vscode.NotebookCellOutput(itemsOf(bundle), { outputType: 'display_data' });
    this.#next(() => this.execution.appendOutput(output));
    return output;
  }

  error(error: Extract<Outcome, { status: 'error' }>['error']): void {
    this.#last = undefined;
    this.#next(() =>
      this.execution.appendOutput(new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.error(error)])),
    );
  }

  /** One plain sentence in place of a stack, for what is no error of the cell's own code. */
  sentence(message: string): void {
    this.error({ name: 'GRPO Lens', message, stack: message });
  }

  /** Resolves when everything stands in the notebook. */
  async settled(): Promise<void> {
    await this.#written;
  }

  #next(write: () => Thenable<void>): void {
    this.#written = this.#written.then(write);
  }
}

const JSON_TYPE = /[/+]json$/;
const PICTURE = /^image\/(?!svg)/;

/** Ours first, then rich, then plain: the editor shows the first that it can draw. */
export function itemsOf(bundle: DisplayTold['bundle']): vscode.NotebookCellOutputItem[] {
  const rank = (mime: string): number => (mime.startsWith('application/vnd.') ? 0 : mime === 'text/plain' ? 2 : 1);
  return Object.entries(bundle)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([mime, data]) => itemOf(mime, data));
}

function itemOf(mime: string, data: unknown): vscode.NotebookCellOutputItem {
  if (JSON_TYPE.test(mime)) return vscode.NotebookCellOutputItem.json(data, mime);
  const text = Array.isArray(data) ? data.join('') : String(data);
  if (PICTURE.test(mime)) return new vscode.NotebookCellOutputItem(Buffer.from(text, 'base64'), mime);
  return vscode.NotebookCellOutputItem.text(text, mime);
}
