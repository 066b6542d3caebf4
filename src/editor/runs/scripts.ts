import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';

/** Texts that are shown and stand in no file here: scripts before they start, those of earlier runs, files of other hosts. */
export class ShownTexts implements Disposable {
  static readonly scheme = 'grpo-lens-text';
  readonly #owned = new Disposables();
  readonly #texts = new Map<string, string>();
  #count = 0;

  constructor() {
    const provider = { provideTextDocumentContent: (uri: vscode.Uri) => this.#texts.get(uri.path) ?? '' };
    this.#owned.add(vscode.workspace.registerTextDocumentContentProvider(ShownTexts.scheme, provider));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#close(uri)));
  }

  /** Opens a text under a name that tells its language. `line` counts from 1. */
  async show(name: string, text: string, line = 1): Promise<void> {
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    const selection = new vscode.Range(at, at);
    await vscode.window.showTextDocument(this.#uri(name, text), { preview: true, selection });
  }

  /** Opens both texts side by side. */
  async compare(title: string, before: string, after: string): Promise<void> {
    const uris = [this.#uri('before.sh', before), this.#uri('after.sh', after)];
    await vscode.commands.executeCommand('vscode.diff', ...uris, title, { preview: true });
  }

  #uri(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: ShownTexts.scheme, path: `/${++this.#count}/${name}` });
    this.#texts.set(uri.path, text);
    return uri;
  }

  #close({ scheme, path }: vscode.Uri): void {
    if (scheme === ShownTexts.scheme) this.#texts.delete(path);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
