import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from './support/screenshot';
import { openFile, shownPage } from './support/window';

describe('a data set', () => {
  it('is browsed with its pictures', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'trl-vl-count', 'dataset.jsonl');
    await vscode.commands.executeCommand('grpoLens.browseDataset', file);
    const page = await shownPage();
    await page.locator('table.records img').first().waitFor();
    const width = await page
      .locator('table.records img')
      .first()
      .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth));
    assert.ok(width > 0);
    assert.match(await page.locator('header.data').innerText(), /880 records/);
    await screenshot('data');
  });
});

describe('a prompt template', () => {
  it('has its faults marked as it is typed', async () => {
    const editor = await openFile('easyr1-vqa/utils/format_prompt/vqa.jinja');
    assert.equal(editor.document.languageId, 'jinja');
    const marks = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(editor.document.uri);
    assert.deepEqual(marks(), []);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '{{ question }}\n'));
    for (let waited = 0; marks().length === 0 && waited < 50; waited++)
      await new Promise((wake) => setTimeout(wake, 100));
    assert.match(marks()[0]?.message ?? '', /“question” is not set; the template is given content/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
