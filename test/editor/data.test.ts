import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { tinyModel } from '../support/tinyModel';
import { itInCi } from './support/inCi';
import { screenshot } from './support/screenshot';
import { until } from './support/texts';
import { openFile, shownPage, window } from './support/window';

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

  itInCi('is shown as the model of a training sees it, whose settings are in Python', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const place = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, 'seen', name);
    await vscode.workspace.fs.writeFile(
      place('train.jsonl'),
      Buffer.from('{"prompt": "two and two?", "answer": "4"}\n'),
    );
    tinyModel(place('model').fsPath);
    const training = 'RLHFArguments(rlhf_type="grpo", model="model", dataset="train.jsonl")\n';
    await vscode.workspace.fs.writeFile(place('train.py'), Buffer.from(training));
    const wish = { config: place('train.py').fsPath };
    await vscode.commands.executeCommand('grpoLens.showAsModelSees', place('train.jsonl'), wish);
    const page = await shownPage();

    await page.locator('body', { hasText: '<|im_start|>' }).waitFor();
    assert.match(await page.locator('body').innerText(), /two and two\?/);
    await screenshot('data-seen');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});

describe('a check of a data set', () => {
  const RECORDS = [
    { prompt: 'Answer within <answer> tags: two and two?', answer: '4' },
    { prompt: 'Answer within <answer> tags: two and two?', answer: '4' },
    { prompt: '<image>Look. Answer within <answer> tags: how many?', answer: '3', images: ['gone.png'] },
  ];

  it('asks what it goes with; what it finds stands in the file, and in a report', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const place = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, 'checked', name);
    const put = (name: string, text: string): Thenable<void> =>
      vscode.workspace.fs.writeFile(place(name), Buffer.from(text));
    const lines = RECORDS.map((record) => JSON.stringify(record));
    await put('asked_train.jsonl', `${lines.join('\n')}\n{"prompt": \n`);
    await put('asked_val.jsonl', `${lines[0] ?? ''}\n`);
    await put('train.sh', 'python3 -m verl.trainer.main data.train_files=checked/asked_train.jsonl\n');
    const checked = vscode.commands.executeCommand('grpoLens.checkDataset', place('asked_train.jsonl'));
    await pick('checked/asked_val.jsonl');
    await pick('checked/train.sh');
    await checked;
    const report = (await shownPage()).locator('section.report');
    await report.waitFor();
    const said = await report.innerText();
    for (const rule of ['leakage', 'duplicate', 'missing-file', 'bad-record']) assert.match(said, new RegExp(rule));
    await screenshot('data-report');
    const found = vscode.languages.getDiagnostics(place('asked_train.jsonl'));
    const marks = found.map(({ code, range }) => `${range.start.line} ${String(code)}`);
    for (const mark of ['0 leakage', '1 duplicate', '2 missing-file', '3 bad-record'])
      assert.ok(marks.includes(mark), `${mark} is not among ${marks.join(', ')}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});

/** Takes the row of the pick that is asked now. */
async function pick(row: string): Promise<void> {
  const page = await window();
  const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: row });
  await rows.first().waitFor();
  await page.locator('.quick-input-widget .quick-input-box input').first().fill(row);
  await rows.first().click();
}

describe('a prompt template', () => {
  it('has its variables suggested, and its faults marked as it is typed', async () => {
    const editor = await openFile('easyr1-vqa/utils/format_prompt/vqa.jinja');
    assert.equal(editor.document.languageId, 'jinja');
    const marks = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(editor.document.uri);
    assert.deepEqual(marks(), []);
    const suggested = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      editor.document.uri,
      new vscode.Position(0, '{{ '.length),
    );
    assert.ok(
      suggested.items.some(({ label, kind }) => label === 'content' && kind === vscode.CompletionItemKind.Variable),
      JSON.stringify(suggested.items.map(({ label }) => label)),
    );
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '{{ question }}\n'));
    await until({ what: 'the mark', ask: () => Promise.resolve(marks()), enough: (found) => found.length > 0 });
    assert.match(marks()[0]?.message ?? '', /“question” is not set; the template is given content/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
