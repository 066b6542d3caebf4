import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { readDocument } from '../domain/dialects/all';
import { readCell } from '../domain/dialects/cell';
import type { Grammars } from '../domain/dialects/dialect';
import type { Finding } from '../domain/config/finding';
import { judgeOwn } from '../domain/frameworks/ownJudge';
import { judge, which } from '../domain/frameworks/which';
import type { Judged } from '../domain/language/resolve';
import type { Sheet } from '../domain/config/sheet';
import { deadline } from '../machine/deadline';
import type { Installations } from './config/installed';
import { onSetting, setting } from './settings';
import { surroundings } from './config/surroundings';

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
  readonly #settings: vscode.Disposable;
  readonly #installed: Disposable;
  #grammars: Grammars | undefined;

  #loading = false;

  /** `load` brings the grammars; it is called when the first document needs them. */
  constructor(
    private readonly load: () => Promise<Grammars | undefined>,
    readonly installations: Installations,
  ) {
    this.#installed = installations.onChange(() => this.forget());
    this.#settings = onSetting(['grpoLens.config.version', 'grpoLens.config.gpus', 'grpoLens.config.gpu'], () =>
      this.forget(),
    );
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
    const readText = document.uri.scheme === 'vscode-notebook-cell' ? readCell : readDocument;
    const { sheets, findings } = readText(document.languageId, document.getText(), this.#grammars, deadline(PATIENCE));
    const judged = sheets.flatMap((sheet) => this.#judge(sheet, document.uri) ?? this.#own(sheet, document) ?? []);
    const understood = {
      version: document.version,
      judged,
      findings: judged.length > 0 ? findings : findings.filter(({ rule }) => OF_ALL.has(rule)),
    };
    this.#known.set(key, understood);
    return understood;
  }

  /** A command that starts a script of the user's; the grammar is loaded when the first one is met. */
  #own(sheet: Sheet, document: vscode.TextDocument): Judged | undefined {
    if (sheet.dialect !== 'flags' || !sheet.command.at(-1)?.endsWith('.py')) return undefined;
    this.#need('python');
    return judgeOwn(sheet, surroundings(document), this.#grammars);
  }

  /** By the version that the settings pin, else by what is installed, else by what we ship. */
  #judge(sheet: Sheet, scope: vscode.Uri): Judged | undefined {
    const own = which(sheet);
    if (!own) return undefined;
    const version = pinned(setting('grpoLens.config.version', scope), own.id);
    if (version !== undefined) return judge(sheet, { version });
    return judge(sheet, { installed: (framework) => this.installations.catalogue(framework, scope) });
  }

  dispose(): void {
    this.#settings.dispose();
    this.#installed.dispose();
    this.#closing.dispose();
    this.#changed.dispose();
  }
}

/** Milliseconds that the reading of one document may take. */
const PATIENCE = 400;

/** Said of every document, whatever it holds. */
const OF_ALL = new Set(['too-long', 'too-slow']);

/** The version of a framework in `swift=3.12.0, trl=0.20.0`. */
export function pinned(text: string, framework: string): string | undefined {
  const found = text.split(',').map((entry) => entry.split('=').map((part) => part.trim()));
  return found.find(([name, version]) => name === framework && version)?.[1]?.replace(/^v/, '');
}
