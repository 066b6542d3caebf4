import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { agreeTo } from '../support/launching';
import { openNotebook, outputs } from '../support/notebooks';
import { until } from '../support/texts';
import { shownPage, window } from '../support/window';

/** Ids of the runs in our folder, oldest first. */
async function runs(): Promise<string[]> {
  const folder = vscode.Uri.joinPath(vscode.Uri.file(process.env.GRPO_LENS_HOME ?? ''), 'runs');
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
  return names.filter((name) => !name.startsWith('.')).sort();
}

function killedNotebook(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  return vscode.Uri.joinPath(folder, 'tiny-count', 'killed.ipynb');
}

function idOf(names: readonly string[], word: string): string {
  const found = names.filter((name) => name.includes(word));
  assert.equal(found.length, 1, `one run ${word} among ${names.join(', ')}`);
  return found[0] ?? '';
}

async function page(fits: (shown: string) => boolean, what: string): Promise<string> {
  const ask = async (): Promise<string> => (await (await shownPage()).locator('body').textContent()) ?? '';
  return until({ what, ask, enough: fits });
}

describe('an editor opened again after its end by kill -9', () => {
  it('finds the run that trains on, and the one whose launch it did not see to its end, whole and once', async () => {
    const names = await runs();
    const first = idOf(names, 'first');
    await vscode.commands.executeCommand('grpoLens.openRun', first);
    await page((shown) => /running.*step \d+ of 3000/s.test(shown), 'the run that goes on');
    // Killed after all was said to the watching process: the run is there, and ends by itself.
    await vscode.commands.executeCommand('grpoLens.openRun', idOf(names, 'second'));
    await page((shown) => /succeeded.*step 5 of 5/s.test(shown), 'the end of the second run');
  });

  it('has the card of a cell caught up with its run, without the kernel that launched it', async () => {
    const before = await vscode.workspace.fs.readFile(killedNotebook());
    assert.doesNotMatch(Buffer.from(before).toString(), /step 12 of 12/, 'it was killed while the run went on');
    await openNotebook('tiny-count/killed.ipynb');
    const card = 'header.run:has-text("succeeded"):has-text("step 12 of 12")';
    await (await outputs(card)).locator(card).waitFor();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows all of them in the tree, by host and state', async () => {
    await vscode.commands.executeCommand('grpoLens.runs.focus');
    const tree = (await window()).locator('.pane-body .monaco-list-row');
    const rows = (): Promise<string> => tree.allTextContents().then((texts) => texts.join(' | '));
    const enough = (shown: string): boolean => /here.*running1.*first.*succeeded/s.test(shown);
    await until({ what: 'the tree', ask: rows, enough });
  });

  it('stops a run', async () => {
    await stop(idOf(await runs(), 'first'));
    await vscode.commands.executeCommand('grpoLens.openRun', idOf(await runs(), 'first'));
    await page((text) => text.includes('stopped'), 'the stop');
  });

  it('resumes it from its checkpoint', async () => {
    const first = idOf(await runs(), 'first');
    await agreeTo(vscode.commands.executeCommand('grpoLens.resumeRun', first), 'Resume here');
    await page((text) => /running.*attempt 2/s.test(text), 'the second attempt');
    await stop(first);
  });

  it('runs it again with other settings, shown as a difference', async () => {
    const first = idOf(await runs(), 'first');
    const shown = await window();
    const again = vscode.commands.executeCommand('grpoLens.runAgainWith', first);
    await shown.locator('.quick-input-title', { hasText: 'again with' }).waitFor();
    const box = shown.locator('.quick-input-widget .quick-input-box input').first();
    await box.fill('max_steps=3 seconds_per_step=0');
    await box.press('Enter');
    await shown.locator('.quick-input-list .monaco-list-row', { hasText: '1 line differs' }).waitFor();
    await agreeTo(again, 'Start here');
    await page((text) => /succeeded.*step 3 of 3/s.test(text), 'the end of the run with other settings');
  });
});

async function stop(run: string): Promise<void> {
  await agreeTo(vscode.commands.executeCommand('grpoLens.stopRun', run), 'Stop it here');
}
