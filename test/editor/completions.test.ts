import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openTable } from '../../src/machine/table/table';
import { itInCi } from './support/inCi';
import { screenshot } from './support/screenshot';
import { lensThat, replace, until } from './support/texts';
import { openFile, shownPage, window } from './support/window';

const REWARD = 'trl-count/rewards.py';
const STRICT = 'found.group(1).strip() == expected';

describe('the completions of a run', () => {
  let folder: string;

  before(async () => {
    folder = `${vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? ''}/trl-count/output`;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    await openFile(REWARD);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('show prompt, completion, rewards and advantage as they were recorded', async () => {
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
    // Behind each stands what it is now, where a reward of the journeys before is not yet closed.
    const numbers = [...Object.values(first.scores), ''].join('[\\d.]*') + Number(first.advantage).toFixed(3);
    assert.match(text.replace('−', '-'), new RegExp(`</answer>${numbers}`), 'rewards and advantage');
    await row.click();
    await page.getByText('group 0', { exact: false }).first().waitFor();
    await screenshot('completions');
  });

  it('are labelled beside the run, and copied as test cases with the recorded scores', async () => {
    const own = (await shownPage()).locator('.sample.own');
    const pressed = own.locator('button.good[aria-pressed=true]');
    if ((await pressed.count()) === 0) await own.getByRole('button', { name: 'good', exact: true }).click();
    await pressed.waitFor();
    const labels = await vscode.workspace.fs.readFile(vscode.Uri.file(`${folder}/labels.jsonl`));
    const label = JSON.parse(Buffer.from(labels).toString()) as { row: number; label: string; completion: string };
    assert.deepEqual([label.row, label.label, label.completion.length > 0], [0, 'good', true]);
    await own.getByRole('button', { name: 'test case' }).click();
    const copied = async (): Promise<string> => vscode.env.clipboard.readText();
    const cases = await until({ what: 'the test case', ask: copied, enough: (text) => text.includes('"reward"') });
    const written = cases
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { reward: string });
    assert.deepEqual(
      written.map(({ reward }) => reward),
      ['accuracy_reward', 'format_reward'],
    );
  });

  it('open on one row by a link that was copied', async () => {
    await vscode.commands.executeCommand('grpoLens.openCompletions', folder);
    const own = (await shownPage()).locator('.sample.own');
    await own.getByRole('button', { name: 'link' }).click();
    const link = await until({
      what: 'the link',
      ask: async () => vscode.env.clipboard.readText(),
      enough: (text) => text.includes('/completions?'),
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const page = await window();
    void vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(link, true));
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Open these completions' }).click();
    await (await shownPage()).locator('.count', { hasText: '1 of 28,160' }).waitFor();
  });

  itInCi('are set against each other in the diff editor, across runs', async () => {
    const against = async (): Promise<void> =>
      (await shownPage()).locator('.sample.own').getByRole('button', { name: 'against' }).click();
    await against();
    const other = folder.replace('trl-count', 'trl-vl-count');
    await vscode.commands.executeCommand('grpoLens.openCompletions', other, 'row=9');
    await (await shownPage()).locator('.about', { hasText: 'trl-vl-count' }).waitFor();
    await (await shownPage()).locator('.sample.own', { hasText: 'row 9' }).waitFor();
    await against();
    const label = (): string => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '';
    await until({
      what: 'the diff',
      ask: () => Promise.resolve(label()),
      enough: (text) => text === 'trl-count: row 0 ↔ trl-vl-count: row 9',
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('grpoLens.openCompletions', folder);
  });

  itInCi('lead to why a reward gave its score, and are scored anew as the reward is edited', async () => {
    const editor = await openFile(REWARD);
    await lensThat(editor, (title) => title.startsWith('sample '));
    await vscode.commands.executeCommand('grpoLens.openCompletions', folder, '');
    const page = await shownPage();
    await page.locator('.count', { hasText: '28,160 completions' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'Counting the items' }).nth(1).click();
    await page.locator('.sample.own').getByRole('button', { name: 'why', exact: true }).click();
    await until({
      what: 'the reward debugger on this row',
      ask: async () => (await (await shownPage()).locator('#root').allInnerTexts()).join(''),
      enough: (text) => /sample 1\s+of group 0/.test(text),
    });
    await replace(await openFile(REWARD), STRICT, 'found.group(1).strip() != expected');
    await lensThat(editor, (title) => title.startsWith('flips 8'));
    await vscode.commands.executeCommand('grpoLens.openCompletions', folder, 'flag:flip');
    const again = await shownPage();
    await again.locator('.list-head', { hasText: 'accuracy_reward.now' }).waitFor();
    await again.locator('.count', { hasText: /^8\d\d of 28,160/ }).waitFor();
    await screenshot('completions-rescored');
  });
});
