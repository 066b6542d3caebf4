import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { lineNotes, missedLines, type LineNote } from '../../domain/lineNotes';
import type { Guard } from '../guard';
import type { Scoring } from './scoring';
import type { Selected, Selection } from './selection';

/** At the end of each line: what it gave for the sample that is looked at. Lines that it did not reach are dimmed. */
export class Values implements Disposable {
  readonly #owned = new Disposables();
  readonly #value = this.#owned.add(
    vscode.window.createTextEditorDecorationType({
      after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    }),
  );
  readonly #missed = this.#owned.add(vscode.window.createTextEditorDecorationType({ opacity: '0.5' }));

  constructor(
    private readonly scoring: Scoring,
    private readonly selection: Selection,
    guard: Guard,
  ) {
    const draw = guard.quietly('drawing values', () =>
      vscode.window.visibleTextEditors.forEach((editor) => this.#draw(editor)),
    );
    this.#owned.add(selection.onChange(() => void draw()));
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(() => void draw()));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(() => void draw()));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #draw(editor: vscode.TextEditor): void {
    const selected = this.selection.of(editor.document);
    if (!selected) return;
    const fresh = selected.version === editor.document.version && selected.explained !== undefined;
    const notes = fresh && selected.explained ? lineNotes(selected.explained, editor.document.fileName) : [];
    editor.setDecorations(
      this.#value,
      notes.flatMap((note) => drawn(editor, note)),
    );
    editor.setDecorations(this.#missed, fresh ? this.#missedLines(editor, selected) : []);
  }

  #missedLines(editor: vscode.TextEditor, { reward, explained }: Selected): vscode.Range[] {
    const shown = this.scoring.of(editor.document)?.rewards.find((one) => one.reward.name === reward);
    if (!explained || !shown?.trace) return [];
    return missedLines(explained, editor.document.fileName, shown.trace.executable)
      .filter((line) => line <= editor.document.lineCount)
      .map((line) => editor.document.lineAt(line - 1).range);
  }
}

function drawn(editor: vscode.TextEditor, { line, text, hover }: LineNote): vscode.DecorationOptions[] {
  if (text === '' || line > editor.document.lineCount) return [];
  const { range } = editor.document.lineAt(line - 1);
  const hoverMessage = hover === '' ? {} : { hoverMessage: new vscode.MarkdownString(hover) };
  return [{ range, renderOptions: { after: { contentText: text } }, ...hoverMessage }];
}
