import type * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import { Kernel } from '../../machine/kernel';
import { interpreter } from '../config/interpreter';
import { folderOf } from '../notebookFolder';
import { CellOutput } from './outputs';

/** Runs one kind of cell; true when the cell did what it should. */
export type Runner = (cell: vscode.NotebookCell, output: CellOutput, session: Session) => Promise<boolean>;

/** How long a cell may take to notice an interrupt before the user is told what else there is, in milliseconds. */
const PATIENCE = 1000;

/** The kernel of one notebook: cells run one after the other, Python is started when the first one needs it. */
export class Session implements Disposable {
  #kernel: Kernel | undefined;
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly notebook: vscode.NotebookDocument,
    private readonly home: string,
  ) {}

  get folder(): string {
    return folderOf(this.notebook);
  }

  /** The number of the cell that runs now. */
  get count(): number {
    return this.#count;
  }

  /** Runs a cell in its turn; false when it failed. What went wrong stands in the cell; only a bug of ours is thrown too. */
  run(cell: vscode.NotebookCell, controller: vscode.NotebookController, runner: Runner): Promise<boolean> {
    const execution = controller.createNotebookCellExecution(cell);
    const turn = this.#last.then(() => this.#execute(execution, runner));
    // A bug of ours in one cell must not keep those after it from running.
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The running Python. Errors: `no-python`. */
  async kernel(): Promise<Kernel> {
    if (!this.#kernel?.alive) {
      const python = await interpreter(this.notebook.uri);
      this.#kernel = new Kernel({ python, home: this.home, cwd: this.folder });
    }
    await this.#kernel.ready();
    return this.#kernel;
  }

  /** False if the cell did not notice within a second. */
  async interrupt(): Promise<boolean> {
    this.#kernel?.interrupt();
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE));
    return Promise.race([this.#last.then(() => true), late]);
  }

  /** Ends Python with all its variables; the next cell starts a new one. */
  restart(): void {
    this.#kernel?.dispose();
    this.#kernel = undefined;
    this.#count = 0;
  }

  dispose(): void {
    this.restart();
  }

  async #execute(execution: vscode.NotebookCellExecution, runner: Runner): Promise<boolean> {
    execution.executionOrder = ++this.#count;
    execution.start(Date.now());
    await execution.clearOutput();
    const output = new CellOutput(execution);
    let done = false;
    try {
      done = await runner(execution.cell, output, this);
    } catch (error) {
      const bug = !(error instanceof Problem);
      output.sentence(bug ? 'GRPO Lens failed in this cell. The log tells more.' : error.message);
      if (bug) throw error;
    } finally {
      await output.settled();
      execution.end(done, Date.now());
    }
    return done;
  }
}
