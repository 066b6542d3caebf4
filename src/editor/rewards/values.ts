import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Explained } from '../../domain/rewards/explained';
import { missedLines } from '../../domain/rewards/missed';
import { columnOf, notesOf } from '../../domain/rewards/notes';
import { regexStop, regexStory } from '../../domain/rewards/regexNotes';
import type { Guard } from '../guard';
import type { RowFunctions } from './rowFunctions';
import type { Scoring } from './scoring';
import type { Selected, Selection } from './selection';

/** Beside the lines: what each gave for the sample that is looked at; lines that it did not reach are dimmed. */
export class Values implements Disposable {
  readonly #owned = new Disposables();
  readonly #hints = this.#owned.add(new Emitter<void>());
  readonly #value = this.#owned.add(
    vscode.window.createTextEditorDecorationType({
      after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    }),
  );
  readonly #missed = this.#owned.add(vscode.window.createTextEditorDecorationType({ opacity: '0.5' }));

  constructor(
    private readonly scoring: Scoring,
    private readonly selection: Selection,
    private readonly rows: RowFunctions,
    guard: Guard,
  ) {
    const draw = guard.quietly('drawing values', () => this.#drawAll());
    this.#owned.add(rows.onChange(() => void draw()));
    this.#owned.add(selection.onChange(() => void draw()));
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(() => void draw()));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(() => void draw()));
    const provideInlayHints = guard.quietly('hints', (document: vscode.TextDocument) => this.#operands(document));
    const onDidChangeInlayHints = (listener: () => void): vscode.Disposable =>
      new vscode.Disposable(this.#hints.event(listener).dispose);
    const provider = { onDidChangeInlayHints, provideInlayHints };
    this.#owned.add(vscode.languages.registerInlayHintsProvider({ language: 'python' }, provider));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #drawAll(): void {
    vscode.window.visibleTextEditors.forEach((editor) => this.#draw(editor));
    this.#hints.fire();
  }

  #draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const selected = this.selection.of(document);
    const rows = this.rows.of(document);
    if (!selected && !rows) return;
    const explained = selected && fresh(selected, document);
    const prepared = rows?.version === document.version ? [...rows.after.values()] : [];
    const all = [...(explained ? [explained] : []), ...prepared.map((row) => ({ ...row, regexes: [] }))];
    editor.setDecorations(this.#value, onePerLine(all.flatMap((one) => drawn(editor, one))));
    editor.setDecorations(this.#missed, selected && explained ? this.#missedRanges(editor, selected, explained) : []);
  }

  #missedRanges({ document }: vscode.TextEditor, { reward }: Selected, explained: Explained): vscode.Range[] {
    const shown = this.scoring.of(document)?.rewards.find((one) => one.reward.name === reward);
    return missedLines(explained, document.fileName, shown?.trace?.executable ?? [])
      .filter((line) => line <= document.lineCount)
      .map((line) => document.lineAt(line - 1).range);
  }

  /** The operands of the test that decided the score, within its line. */
  #operands(document: vscode.TextDocument): vscode.InlayHint[] {
    const selected = this.selection.of(document);
    const explained = selected && fresh(selected, document);
    if (!explained) return [];
    return notesOf(explained, document.fileName).operands.map(({ endLine, endCol, value }) => {
      const line = Math.min(endLine, document.lineCount) - 1;
      const place = new vscode.Position(line, columnOf(document.lineAt(line).text, endCol));
      return new vscode.InlayHint(place, ` = ${value}`);
    });
  }
}

/** What was explained, as long as it is about the text that is shown. */
function fresh({ version, explained }: Selected, document: vscode.TextDocument): Explained | undefined {
  return version === document.version ? explained : undefined;
}

/** A helper that several functions call has the note of the first. */
function onePerLine(notes: readonly vscode.DecorationOptions[]): vscode.DecorationOptions[] {
  const lines = new Map<number, vscode.DecorationOptions>();
  for (const note of notes) if (!lines.has(note.range.start.line)) lines.set(note.range.start.line, note);
  return [...lines.values()];
}

type Noted = Pick<Explained, 'frames' | 'events' | 'regexes'> & Partial<Pick<Explained, 'why'>>;

function drawn({ document }: vscode.TextEditor, explained: Noted): vscode.DecorationOptions[] {
  const regexes = explained.regexes.filter(({ file }) => file === document.fileName);
  const notes = new Map(notesOf(explained, document.fileName).lines.map((note) => [note.line, note]));
  const lines = [...new Set([...notes.keys(), ...regexes.map(({ line }) => line)])];
  return lines.flatMap((line) => {
    if (line > document.lineCount) return [];
    const here = regexes.filter((regex) => regex.line === line);
    const text = [notes.get(line)?.text, ...here.map(regexStop)].filter(Boolean).join(' · ');
    const hover = [...(notes.get(line)?.history ?? []), ...here.map(regexStory)].join('\n\n');
    return [
      {
        range: document.lineAt(line - 1).range,
        renderOptions: { after: { contentText: text } },
        ...(hover === '' ? {} : { hoverMessage: new vscode.MarkdownString(hover) }),
      },
    ];
  });
}
