import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export interface Awaited<T> {
  /** What is waited for, for the message of a failure. */
  readonly what: string;
  readonly ask: () => Promise<T>;
  readonly enough: (answer: T) => boolean;
}

/** Asks again until there is enough; fails with the last answer after 20 s. */
export async function until<T>({ what, ask, enough }: Awaited<T>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (Date.now() > end) assert.fail(`${what} did not come; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until a title of a lens of the document fits, and gives all titles. */
export function lensThat(editor: vscode.TextEditor, fits: (title: string) => boolean): Promise<string[]> {
  return until({ what: 'the lens', ask: () => lensTitles(editor), enough: (titles) => titles.some(fits) });
}

/** Titles of all lenses of a document, as their providers give them. */
export async function lensTitles(editor: vscode.TextEditor): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    editor.document.uri,
    100,
  );
  return found.flatMap((lens) => (lens.command ? [lens.command.title] : []));
}

/** Replaces the first occurrence of a text, as one edit. */
export async function replace(editor: vscode.TextEditor, text: string, by: string): Promise<void> {
  const { document } = editor;
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `"${text}" is not in ${document.fileName}`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
  assert.ok(await editor.edit((edit) => edit.replace(range, by)));
}

/** All hover texts within the first occurrence of `text`, once there are any. */
export function hoverOver(editor: vscode.TextEditor, text: string): Promise<string> {
  const start = editor.document.getText().indexOf(text);
  assert.ok(start >= 0, `"${text}" is not in ${editor.document.fileName}`);
  const place = editor.document.positionAt(start + 2);
  return until({ what: 'the hover', ask: () => hoverAt(editor.document.uri, place), enough: (found) => found !== '' });
}

async function hoverAt(uri: vscode.Uri, place: vscode.Position): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, place);
  const contents = found.flatMap((hover) => hover.contents);
  return contents.map((content) => (typeof content === 'string' ? content : content.value)).join('\n');
}
