import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { commands, type CommandArguments, type CommandId } from '../contributions';
import { Problem, type Remedy } from '../domain/problem';
import { targetsFile } from '../machine/hosts/target';
import type { Log } from './log';

interface Act {
  readonly label: string;
  readonly run: () => unknown;
}

const calls = (command: string) => (): Thenable<unknown> => vscode.commands.executeCommand(command);
const showLog: Act = { label: 'Show Log', run: calls('grpoLens.showLog') };

const REMEDIES: Readonly<Record<Remedy, Act>> = {
  'choose-interpreter': { label: 'Choose Interpreter', run: calls('grpoLens.chooseInterpreter') },
  'edit-target': { label: 'Edit Targets', run: editTargets },
  'install-package': showLog,
  'log-in': { label: 'Log In in a Terminal', run: calls('grpoLens.connectHost') },
  'open-window': { label: 'Open the Host in a Window', run: calls('grpoLens.openHost') },
  'open-log': showLog,
  retry: showLog,
  'trust-workspace': { label: 'Manage Trust', run: calls('workbench.trust.manage') },
};

/** The file of all targets; where there is none yet, its first one is asked for. */
async function editTargets(): Promise<void> {
  const file = vscode.Uri.file(targetsFile());
  const there = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (there) await vscode.window.showTextDocument(file);
  else await vscode.commands.executeCommand('grpoLens.addTarget');
}

/** The one place where a problem or a bug meets the user: a problem as its sentence, a bug as one line and its stack in the log. */
export class Guard {
  constructor(readonly log: Log) {}

  /** Registers a command of the manifest; what it throws is shown, never thrown on. */
  command<K extends CommandId>(id: K, run: (...args: CommandArguments[K]) => unknown): Disposable {
    const wrapped = this.wrap(`the command "${commands[id]}"`, run);
    return vscode.commands.registerCommand(id, wrapped);
  }

  /** The same function, which gives undefined where the other would throw. */
  wrap<A extends unknown[], R>(what: string, run: Guarded<A, R>): (...args: A) => Promise<R | undefined> {
    return caught(run, (error) => this.report(what, error));
  }

  /** For providers that VS Code calls often: trouble goes to the log only. */
  quietly<A extends unknown[], R>(what: string, run: Guarded<A, R>): (...args: A) => Promise<R | undefined> {
    return caught(run, (error) => this.record(what, error));
  }

  report(what: string, error: unknown): void {
    if (isCancelled(error)) return;
    this.record(what, error);
    const problem = error instanceof Problem ? error : undefined;
    const text = problem?.message ?? `GRPO Lens failed in ${what}. The log tells more.`;
    const remedy = REMEDIES[problem?.remedy ?? 'open-log'];
    void vscode.window.showErrorMessage(text, remedy.label).then((chosen) => {
      if (chosen === remedy.label) void this.wrap(remedy.label, remedy.run)();
    });
  }

  record(what: string, error: unknown): void {
    if (isCancelled(error)) return;
    if (error instanceof Problem) this.log.warn(`${what}: ${error.message}${error.detail ? `\n${error.detail}` : ''}`);
    else this.log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

type Guarded<A extends unknown[], R> = (...args: A) => R | Promise<R>;

function caught<A extends unknown[], R>(
  run: Guarded<A, R>,
  tell: (error: unknown) => void,
): (...args: A) => Promise<R | undefined> {
  return async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      tell(error);
      return undefined;
    }
  };
}

function isCancelled(error: unknown): boolean {
  if (error instanceof vscode.CancellationError) return true;
  return error instanceof Problem && error.code === 'cancelled';
}
