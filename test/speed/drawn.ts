import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { sampleLines } from './rewardSamples';

const SIZES = [
  [1_000, 15],
  [10_000, 5],
] as const;

/** Milliseconds from the end of the pause in typing until decorations are set, and until they are set once more with what the plain calls confirmed. */
export interface Drawn {
  readonly traced: readonly number[];
  readonly verified: readonly number[];
}

interface Pace {
  readonly at: 'pause' | 'traced' | 'verified';
  readonly document: vscode.TextDocument;
}

/** One edit; resolves when all is drawn. */
async function edit(editor: vscode.TextEditor, text: string): Promise<{ traced: number; verified: number }> {
  const { document } = editor;
  const times = { pause: 0, traced: 0, verified: 0 };
  await new Promise<void>((resolve, reject) => {
    const told = (message: unknown): void => {
      const pace = message as Pace;
      if (pace.document !== document) return;
      if (pace.at === 'pause') times.traced = 0;
      times[pace.at] = performance.now();
      if (pace.at !== 'verified' || times.traced === 0) return;
      unsubscribe('grpoLens.rewards', told);
      resolve();
    };
    subscribe('grpoLens.rewards', told);
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.edit((change) => change.insert(end, text)).then(undefined, reject);
  });
  return { traced: times.traced - times.pause, verified: times.verified - times.pause };
}

async function measured(rows: number, runs: number): Promise<Drawn> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  const own = vscode.Uri.joinPath(folder, `drawn-${rows}`);
  const source = readFileSync(path.join(process.env.GRPO_LENS_ROOT ?? '', 'test/recordings/rewards/spatial.py'));
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(own, 'spatial.py'), source);
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(own, 'samples.jsonl'), Buffer.from(sampleLines(rows)));
  await vscode.workspace.getConfiguration('grpoLens.rewards').update('maxSamples', rows);
  const editor = await vscode.window.showTextDocument(vscode.Uri.joinPath(own, 'spatial.py'));
  for (let warm = 0; warm < 3; warm++) await edit(editor, `\n# warm ${warm}`);
  const all = [];
  for (let run = 0; run < runs; run++) all.push(await edit(editor, `\n# edit ${run}`));
  await vscode.commands.executeCommand('workbench.action.files.save');
  return { traced: all.map(({ traced }) => traced), verified: all.map(({ verified }) => verified) };
}

describe('an edit of a reward', () => {
  it('is measured until it is drawn', async function () {
    this.timeout(300_000);
    const figures: Record<string, Drawn> = {};
    for (const [rows, runs] of SIZES) figures[rows] = await measured(rows, runs);
    writeFileSync(process.env.GRPO_LENS_FIGURE ?? '', JSON.stringify(figures));
  });
});
