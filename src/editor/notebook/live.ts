import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Problem } from '../../domain/problem';
import type { KnownRuns } from '../../machine/runs/known';
import { outputLiveGuards, type OutputLive } from '../../wire/notebookLive';
import { eachSession } from '../../wire/session';
import { serve, type Port, type Served } from '../../wire/wire';
import { Following } from '../runs/following';
import type { Guard } from '../guard';
import { openSource } from '../runs/runFiles';
import { revealCell } from './revealCell';
import type { RunTree } from '../runs/runs';

/** Answers drawn outputs: opens what they name, and tells runs on. Each notebook editor has one page of its own. */
export class LiveOutputs implements Disposable {
  readonly #owned = new Disposables();
  readonly #pages = new Map<vscode.NotebookEditor, Emitter<unknown>>();
  readonly #closed = new Emitter<vscode.NotebookEditor>();
  readonly #messaging = vscode.notebooks.createRendererMessaging('grpoLens.outputs');

  constructor(
    private readonly tree: RunTree,
    private readonly known: KnownRuns,
    private readonly guard: Guard,
  ) {
    this.#owned.add(this.#messaging.onDidReceiveMessage(({ editor, message }) => this.#page(editor).fire(message)));
    this.#owned.add(
      vscode.window.onDidChangeVisibleNotebookEditors((editors) => {
        for (const editor of this.#pages.keys()) if (!editors.includes(editor)) this.#forget(editor);
      }),
    );
  }

  dispose(): void {
    for (const editor of [...this.#pages.keys()]) this.#forget(editor);
    this.#owned.dispose();
  }

  #forget(editor: vscode.NotebookEditor): void {
    this.#pages.delete(editor);
    this.#closed.fire(editor);
  }

  #page(editor: vscode.NotebookEditor): Emitter<unknown> {
    const known = this.#pages.get(editor);
    if (known) return known;
    const messages = new Emitter<unknown>();
    const closed = new Emitter<void>();
    this.#pages.set(editor, messages);
    this.#closed.event((gone) => gone === editor && closed.fire());
    const post = (message: unknown): void => void this.#messaging.postMessage(message, editor);
    eachSession({ post, onMessage: messages.event, onClose: closed.event }, (port) => this.#serve(port, editor));
    return messages;
  }

  #serve(port: Port, editor: vscode.NotebookEditor): void {
    const followed = new Map<string, Promise<Following>>();
    const served: Served<OutputLive> = serve<OutputLive>(
      port,
      outputLiveGuards,
      {
        reveal: ({ path, line }) => this.#shown(path, () => openSource(path, line ?? 1, path)),
        revealCell: async (place) => (await revealCell(editor, place), null),
        openRun: ({ folder }) => this.#shown(folder, () => vscode.commands.executeCommand('grpoLens.openRun', folder)),
        openCompletions: ({ folder, row }) =>
          this.#shown(folder, () =>
            vscode.commands.executeCommand('grpoLens.openCompletions', folder, row === undefined ? '' : `row=${row}`),
          ),
        follow: async ({ folder, width }) => {
          const before = followed.get(folder) ?? this.#follow(folder, served);
          followed.set(folder, before);
          before.catch(() => followed.delete(folder));
          return (await before).start(width);
        },
      },
      (bug) => this.guard.record('an output of a notebook', bug),
    );
    port.onClose(() => {
      for (const one of followed.values())
        one.then(
          (following) => following.dispose(),
          () => undefined,
        );
      served.dispose();
    });
  }

  async #follow(folder: string, served: Served<OutputLive>): Promise<Following> {
    local(folder);
    const run = await this.tree.find(folder);
    return new Following(this.known.open(run), (grown) => served.tell('grown', { folder, run: grown }), this.guard);
  }

  /** What cannot be opened is said by the editor, not by the output. */
  async #shown(path: string, open: () => unknown): Promise<null> {
    await this.guard.wrap('opening what an output names', async () => {
      local(path);
      await open();
    })();
    return null;
  }
}

/** An output may come from anyone: it must not make us ask a computer on the network for a file. */
function local(path: string): void {
  if (!/^(\\\\|\/\/)/.test(path)) return;
  throw new Problem({
    code: 'unsupported',
    message: `${path} is on another computer, and is not opened from a notebook.`,
  });
}
