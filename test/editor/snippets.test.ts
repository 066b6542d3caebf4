import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { thorough } from '../support/thorough';
import { itInCi } from './support/inCi';

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

const ENDINGS: Readonly<Record<string, string>> = { python: 'py', shellscript: 'sh', yaml: 'yaml' };

/** Inserts snippets of a language one after the other into one editor, and gives what then stood in it. */
async function insert(language: string, snippets: Snippets): Promise<readonly [name: string, text: string][]> {
  const document = await vscode.workspace.openTextDocument({ language, content: '' });
  const editor = await vscode.window.showTextDocument(document);
  const inserted: [string, string][] = [];
  // That none has anything wrong with it is shown by the layer `unit` too.
  const wanted = Object.entries(snippets).slice(0, thorough ? undefined : 1);
  for (const [name, { body }] of wanted) {
    editor.selection = new vscode.Selection(0, 0, document.lineCount, 0);
    await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: language, name });
    assert.ok(document.getText().length > 0.5 * body.join('').length, `${name}: ${document.getText()}`);
    inserted.push([name, document.getText()]);
  }
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  return inserted;
}

describe('snippets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snippets-'));
  after(() => rmSync(folder, { recursive: true }));

  itInCi('each is offered by its prefix, inserted, and has nothing wrong with it', async () => {
    const root = vscode.extensions.getExtension('grpo-lens.grpo-lens');
    assert.ok(root);
    const { contributes } = root.packageJSON as Contributed;
    const files: string[] = [];
    for (const { language, path } of contributes.snippets) {
      const all = JSON.parse(readFileSync(vscode.Uri.joinPath(root.extensionUri, path).fsPath, 'utf8')) as Snippets;
      for (const [name, text] of await insert(language, all)) {
        const file = join(folder, `${files.length} ${name.replaceAll('/', ' ')}.${ENDINGS[language] ?? ''}`);
        writeFileSync(file, text);
        // A document that no editor shows is judged like any other.
        await vscode.workspace.openTextDocument(file);
        files.push(file);
      }
    }
    assert.ok(files.length >= (thorough ? 10 : 3), `${files.length} snippets were inserted`);
    await settled();
    const wrong = files.flatMap((file) =>
      vscode.languages
        .getDiagnostics(vscode.Uri.file(file))
        .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
        .map(({ message }) => `${file}: ${message}`),
    );
    assert.deepEqual(wrong, []);
  });
});
