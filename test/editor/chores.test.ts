import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { agreeTo } from './support/launching';
import { screenshot } from './support/screenshot';
import { until } from './support/texts';
import { window } from './support/window';

describe('work around a run', () => {
  let folder: vscode.Uri;

  const put = (name: string, data: unknown): Thenable<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), Buffer.from(JSON.stringify(data)));

  before(() => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(root);
    folder = vscode.Uri.joinPath(root, 'choring');
  });

  it('is asked for what is not known, shown, started, followed, and told at its end', async () => {
    await put('pipeline.json', { steps: [{ name: 'greet', run: 'echo hello from a step' }] });
    const started = vscode.commands.executeCommand('grpoLens.runPipeline');
    const page = await window();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'choring/pipeline.json' }).first().waitFor();
    await page.locator('.quick-input-widget .quick-input-box input').first().fill('choring/pipeline.json');
    await rows.filter({ hasText: 'choring/pipeline.json' }).nth(1).click();
    await rows.filter({ hasText: 'Start here' }).first().waitFor();
    await screenshot('chore');
    await agreeTo(Promise.resolve(), 'Start here');
    const told = page.locator('.notification-list-item', { hasText: 'The step is done' });
    await told.first().waitFor();
    assert.equal(await page.locator('.notification-list-item', { hasText: 'pipeline has succeeded' }).count(), 0);
    await screenshot('chore-done');
    await vscode.commands.executeCommand('notifications.clearAll');
    await started;
  });

  it('says in a notification what went wrong', async () => {
    await put('broken.json', { steps: [{ name: 'train', run: 'exit 3' }] });
    const steps = vscode.Uri.joinPath(folder, 'broken.json').fsPath;
    const started = vscode.commands.executeCommand('grpoLens.runPipeline', { steps });
    const page = await window();
    await agreeTo(Promise.resolve(), 'Start here');
    const text = async (): Promise<string> =>
      (await page.locator('.notification-list-item').allInnerTexts()).join('\n');
    await until({
      what: 'why it failed',
      ask: text,
      enough: (said) => /Run Pipeline failed: .*train ended with status 3/.test(said),
    });
    await vscode.commands.executeCommand('notifications.clearAll');
    await started;
  });
});
