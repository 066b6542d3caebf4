import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openTable } from '../../src/machine/table';
import { screenshot } from './support/screenshot';
import { shownPage } from './support/window';

describe('the completions of a run', () => {
  it('show prompt, completion, rewards and advantage as they were recorded', async () => {
    const folder = `${vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? ''}/trl-count/output`;
    await vscode.commands.executeCommand('grpoLens.openCompletions', folder);
    const page = await shownPage();
    const row = page.getByRole('row').filter({ hasText: 'Counting the items' }).first();
    await row.waitFor();
    const text = (await row.textContent()) ?? '';
    const [first] = await (await openTable(folder)).completions([0]);
    assert.ok(first);
    const line = (value: string): string => value.replace(/\s+/g, ' ').trim();
    const asked = line(first.prompt).replace(/^user /, '');
    assert.ok(text.includes(asked), `the prompt, without the role that all begin with: ${text}`);
    assert.ok(text.includes(line(first.text)), `the completion: ${text}`);
    const numbers = [...Object.values(first.scores), Number(first.advantage).toFixed(3)].join('');
    assert.ok(text.replace('−', '-').includes(numbers), `rewards and advantage ${numbers}: ${text}`);
    await row.click();
    await page.getByText('group 0', { exact: false }).first().waitFor();
    await screenshot('completions');
  });
});
