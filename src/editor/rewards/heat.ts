import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { heatNotes, type HeatNote } from '../../domain/rewards/heat';
import type { Swallowed, Traced } from '../../domain/rewards/trace';
import type { Guard } from '../guard';
import type { Scores, Scoring, Shown } from './scoring';

const WIDTHS = 5;
const COLOURS = ['charts.red', 'charts.orange', 'charts.yellow', 'charts.green'] as const;

/** Beside the lines of a reward: how many samples came by, how they scored, and what was swallowed. */
export class Heat implements Disposable {
  readonly #owned = new Disposables();
  readonly #bars: readonly vscode.TextEditorDecorationType[];
  readonly #unreached = this.#owned.add(vscode.window.createTextEditorDecorationType({ opacity: '0.45' }));
  readonly #badge = this.#owned.add(
    vscode.window.createTextEditorDecorationType({
      after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorWarning.foreground') },
    }),
  );

  constructor(
    private readonly scoring: Scoring,
    root: vscode.Uri,
    guard: Guard,
  ) {
    this.#bars = Array.from({ length: (COLOURS.length + 1) * WIDTHS }, (_, at) => this.#owned.add(bar(root, at)));
    const draw = guard.quietly('drawing', () => this.#drawAll());
    this.#owned.add(scoring.onChange(() => void draw()));
    this.#owned.add(scoring.onTraced(() => void draw()));
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(() => void draw()));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(() => void draw()));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const scores = this.scoring.soonest(editor.document);
      if (scores) this.#draw(editor, scores);
    }
  }

  /** Old numbers are never drawn on a newer text: their lines may have moved. */
  #draw(editor: vscode.TextEditor, scores: Scores): void {
    const fresh = scores.version === editor.document.version && !scores.broken;
    const traces = fresh ? scores.rewards.flatMap(tracedOf) : [];
    const notes = merged(traces.map(({ traced, samples }) => heatNotes(traced, samples)));
    this.#bars.forEach((type, at) => {
      editor.setDecorations(
        type,
        notes.filter((note) => barOf(note) === at).map((note) => noted(editor, note)),
      );
    });
    editor.setDecorations(
      this.#unreached,
      notes.filter(({ share }) => share === 0).map((note) => noted(editor, note)),
    );
    editor.setDecorations(
      this.#badge,
      traces.flatMap(({ traced }) => badges(editor, traced.swallowed)),
    );
  }
}

function tracedOf({ trace, early }: Shown): { readonly traced: Traced; readonly samples: number }[] {
  if (trace) return [{ traced: trace, samples: trace.scores.length }];
  return early ? [{ traced: early.traced, samples: early.scores.length }] : [];
}

/** A line that several rewards share (a helper) has the notes of all, and the largest share. */
function merged(all: readonly (readonly HeatNote[])[]): HeatNote[] {
  const byLine = new Map<number, HeatNote>();
  for (const note of all.flat()) {
    const before = byLine.get(note.line);
    const larger = before && before.share >= note.share ? before : note;
    byLine.set(note.line, before ? { ...larger, text: `${before.text}\n\n${note.text}` } : note);
  }
  return [...byLine.values()];
}

/** Which bar a note has; -1 for a line that no sample reached. */
function barOf({ share, warmth }: HeatNote): number {
  if (share === 0) return -1;
  const width = Math.min(WIDTHS - 1, Math.ceil(share * WIDTHS) - 1);
  const colour =
    warmth === undefined ? COLOURS.length : Math.min(COLOURS.length - 1, Math.floor(warmth * COLOURS.length));
  return colour * WIDTHS + width;
}

function bar(root: vscode.Uri, at: number): vscode.TextEditorDecorationType {
  const colour = Math.floor(at / WIDTHS);
  const theme = COLOURS[colour];
  return vscode.window.createTextEditorDecorationType({
    gutterIconPath: vscode.Uri.joinPath(root, 'media', 'heat', `${colour}-${at % WIDTHS}.svg`),
    gutterIconSize: 'contain',
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    ...(theme ? { overviewRulerColor: new vscode.ThemeColor(theme) } : {}),
  });
}

function noted(editor: vscode.TextEditor, { line, text }: HeatNote): vscode.DecorationOptions {
  return { range: rangeOf(editor, line), hoverMessage: new vscode.MarkdownString(text) };
}

function badges(editor: vscode.TextEditor, swallowed: readonly Swallowed[]): vscode.DecorationOptions[] {
  return swallowed
    .filter(({ file }) => file === editor.document.fileName)
    .map(({ line, count, type, message }) => ({
      range: rangeOf(editor, line),
      renderOptions: { after: { contentText: `⚠ swallowed ${count} × ${type}: ${message.slice(0, 60)}` } },
    }));
}

function rangeOf({ document }: vscode.TextEditor, line: number): vscode.Range {
  const at = Math.min(Math.max(0, line - 1), document.lineCount - 1);
  return document.lineAt(at).range;
}
