import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { readDocument } from '../domain/dialects/all';
import type { Grammars } from '../domain/dialects/dialect';
import type { Finding } from '../domain/finding';
import { which } from '../domain/frameworks/which';
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

  constructor() {
    this.#closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#known.delete(uri.toString()));
  }

  /** Documents are understood anew: a grammar arrived or another version is in force. */
  readonly onChange = this.#changed.event;

  use(grammars: Grammars): void {
    this.#grammars = grammars;
    this.forget();
  }

  forget(): void {
    this.#known.clear();
    this.#changed.fire();
  }

  read(document: vscode.TextDocument): Understood {
    const key = document.uri.toString();
    const known = this.#known.get(key);
    if (known?.version === document.version) return known;
    const { sheets, findings } = readDocument(document.languageId, document.getText(), this.#grammars);
    const judged = sheets.flatMap((sheet) => {
      const framework = which(sheet);
      return framework ? [{ sheet, framework, catalogue: framework.catalogue }] : [];
    });
    const understood = { version: document.version, judged, findings: judged.length > 0 ? findings : [] };
    this.#known.set(key, understood);
    return understood;
  }

  dispose(): void {
    this.#closing.dispose();
    this.#changed.dispose();
  }
}
