import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import type { Guard } from '../guard';
import { Session, type Runner } from './session';

const ID = 'grpoLens.cells';

/** The kernel "GRPO Lens" of `.ipynb` notebooks: plain Python, rewards and launches. */
export class CellController implements Disposable {
  readonly #owned = new Disposables();
  readonly #sessions = new Map<string, Session>();
  readonly #controller: vscode.NotebookController;

  constructor(
    private readonly home: string,
    private readonly runnerOf: (cell: vscode.NotebookCell) => Runner,
    private readonly guard: Guard,
  ) {
    const controller = vscode.notebooks.createNotebookController(ID, 'jupyter-notebook', 'GRPO Lens');
    controller.supportedLanguages = ['python', 'shellscript', 'yaml'];
    controller.supportsExecutionOrder = true;
    controller.description = 'Plain Python, %%reward and %%launch';
    controller.detail = 'For widgets, magics, debugging and remote kernels choose a Jupyter kernel.';
    const run = guard.wrap('running cells', (cells: vscode.NotebookCell[], notebook: vscode.NotebookDocument) =>
      this.#run(cells, notebook),
    );
    controller.executeHandler = async (cells, notebook) => void (await run(cells, notebook));
    const interrupt = guard.wrap('interrupting a cell', (notebook: vscode.NotebookDocument) =>
      this.#interrupt(notebook),
    );
    controller.interruptHandler = async (notebook) => void (await interrupt(notebook));
    this.#controller = this.#owned.add(controller);
    this.#owned.add(guard.command('grpoLens.restartKernel', () => this.#restart(active())));
    this.#owned.add(vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#close(notebook)));
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
    this.#owned.dispose();
  }

  /** As with "Run All": the first cell that fails is the last that runs. */
  async #run(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      const message = 'Cells are not run here, since this workspace is not trusted.';
      throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
    }
    const session = this.#session(notebook);
    const ran = cells.map((cell) => ({ cell, runner: this.runnerOf(cell) }));
    for (const { cell, runner } of ran) if (!(await session.run(cell, this.#controller, runner))) return;
  }

  async #interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    const session = this.#sessions.get(notebook.uri.toString());
    if (!session || (await session.interrupt())) return;
    const restart = 'Restart';
    const text = 'The cell does not notice the interrupt: it is inside of compiled code. A restart ends it.';
    if ((await vscode.window.showWarningMessage(text, restart)) === restart) session.restart();
  }

  #restart(notebook: vscode.NotebookDocument): void {
    this.#sessions.get(notebook.uri.toString())?.restart();
    this.guard.log.info(`Python of ${notebook.uri.path} was restarted: its variables are gone.`);
  }

  #session(notebook: vscode.NotebookDocument): Session {
    const key = notebook.uri.toString();
    const session = this.#sessions.get(key) ?? new Session(notebook, this.home);
    this.#sessions.set(key, session);
    return session;
  }

  #close(notebook: vscode.NotebookDocument): void {
    const key = notebook.uri.toString();
    this.#sessions.get(key)?.dispose();
    this.#sessions.delete(key);
  }
}

function active(): vscode.NotebookDocument {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook) return notebook;
  throw new Problem({ code: 'bad-input', message: 'Open the notebook whose Python shall be restarted.' });
}
