import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { readDocument } from '../domain/dialects/all';
import type { Grammars } from '../domain/dialects/dialect';
import type { Finding } from '../domain/finding';
import { judge } from '../domain/frameworks/which';
import type { Judged } from '../domain/language/resolve';

/** An open document as we understand it, at one version. */
export interface Understood {
  readonly version: number;
  /** Its sheets of known frameworks, each with what judges it. */
  readonly judged: readonly Judged[];
  /** Remarks on the document as a whole. */
  readonly findings: readonly Finding[];
}

/** Open documents as sheets, read once for each version. */
export class Documents implements Disposable {
  readonly #known = new Map<string, Understood>();
  readonly #changed = new Emitter<void>();
  readonly #closing: vscode.Disposable;
  #grammars: Grammars | undefined;

  #loading = false;

  /** `load` brings the grammars; it is called when the first document needs them. */
  constructor(private readonly load: () => Promise<Grammars | undefined>) {
    this.#closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#known.delete(uri.toString()));
  }

  /** Documents are understood anew: a grammar arrived or another version is in force. */
  readonly onChange = this.#changed.event;

  forget(): void {
    this.#known.clear();
    this.#changed.fire();
  }

  #need(language: string): void {
    if (this.#loading || language !== 'python') return;
    this.#loading = true;
    void this.load().then((grammars) => {
      this.#grammars = grammars;
      this.forget();
    });
  }

  read(document: vscode.TextDocument): Understood {
    const key = document.uri.toString();
    const known = this.#known.get(key);
    if (known?.version === document.version) return known;
    this.#need(document.languageId);
    const { sheets, findings } = readDocument(document.languageId, document.getText(), this.#grammars);
    const judged = sheets.flatMap((sheet) => judge(sheet) ?? []);
    const understood = { version: document.version, judged, findings: judged.length > 0 ? findings : [] };
    this.#known.set(key, understood);
    return understood;
  }

  dispose(): void {
    this.#closing.dispose();
    this.#changed.dispose();
  }
}
