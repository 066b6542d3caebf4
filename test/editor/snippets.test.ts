import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';

interface Contributed {
  readonly contributes: { readonly snippets: readonly { readonly language: string; readonly path: string }[] };
}

type Snippets = Readonly<Record<string, { readonly prefix: string; readonly body: readonly string[] }>>;

/** Waits until the findings of all documents have been the same for a moment. */
async function settled(): Promise<void> {
  for (let same = 0, last = ''; same < 10;) {
    await new Promise((wake) => setTimeout(wake, 50));
    const now = JSON.stringify(vscode.languages.getDiagnostics());
    [same, last] = now === last ? [same + 1, last] : [0, now];
  }
}

describe('snippets', () => {
  it('each is offered by its prefix, inserted, and has nothing wrong with it', async () => {
    const root = vscode.extensions.getExtension('grpo-lens.grpo-lens');
    assert.ok(root);
    const { contributes } = root.packageJSON as Contributed;
    const inserted: { readonly name: string; readonly uri: vscode.Uri }[] = [];
    for (const { language, path } of contributes.snippets) {
      const all = JSON.parse(readFileSync(vscode.Uri.joinPath(root.extensionUri, path).fsPath, 'utf8')) as Snippets;
      for (const [name, { body }] of Object.entries(all)) {
        const document = await vscode.workspace.openTextDocument({ language, content: '' });
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: language, name });
        assert.ok(document.getText().length > 0.5 * body.join('').length, `${name}: ${document.getText()}`);
        inserted.push({ name, uri: document.uri });
      }
    }
    assert.ok(inserted.length > 10, `${inserted.length} snippets were inserted`);
    await settled();
    const wrong = inserted.flatMap(({ name, uri }) =>
      vscode.languages
        .getDiagnostics(uri)
        .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
        .map(({ message }) => `${name}: ${message}`),
    );
    assert.deepEqual(wrong, []);
    for (let left = inserted.length; left > 0; left--)
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
