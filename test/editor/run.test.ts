import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from './support/screenshot';
import { shownPage } from './support/window';

describe('the page of a run', () => {
  it('shows the recorded run and draws its reward curve', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    await vscode.commands.executeCommand('grpoLens.openRun', `${folder}/trl-count/output`);
    const page = await shownPage();
    await page.getByText('220').first().waitFor();
    const line = page.locator('svg .mark-line path').first();
    await line.waitFor();
    const drawn = await line.getAttribute('d');
    assert.ok(drawn && drawn.split('L').length > 100, `a curve of 220 steps has many points: ${drawn?.slice(0, 80)}`);
    await screenshot('run');
  });
});
