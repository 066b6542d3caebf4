import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { scoreAt } from '../../src/domain/rollouts/columns';
import { describe as told, distributionOf } from '../../src/domain/rollouts/distribution';
import { firstRows } from '../../src/machine/rewards/samples';
import { openTable } from '../../src/machine/table/table';
import { itInCi } from './support/inCi';
import { screenshot } from './support/screenshot';
import { lensThat, lensTitles, replace, until } from './support/texts';
import { dimmed, drawnValues } from './support/drawn';
import { lenses, openFile, window } from './support/window';

/** What the run recorded for its first samples, as a lens would say it: read from the files, not from Python. */
async function recorded(reward: string): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const table = await openTable(`${folder}/trl-count/output`);
  const column = table.scores.get(reward);
  assert.ok(column, `the run recorded no ${reward}`);
  return told(distributionOf(firstRows(table, 1000).map((row) => scoreAt(column, row))));
}

describe('a reward file beside a recorded run', () => {
  let editor: vscode.TextEditor;

  before(async () => {
    editor = await openFile('trl-count/rewards.py');
  });

  it('shows above each reward what the trainer got', async () => {
    const accuracy = await recorded('accuracy_reward');
    const format = await recorded('format_reward');
    await lensThat(editor, (title) => title === accuracy);
    const titles = await lensThat(editor, (title) => title === format);
    assert.match(accuracy, /^mean 0\.\d+ · .* · 896 samples$/);
    assert.ok(
      titles.some((title) => title.includes('first 896 of 28,160, trl-count/output')),
      titles.join('\n'),
    );
    await (await lenses()).filter({ hasText: '896 samples' }).first().waitFor();
    await screenshot('lens');
  });

  it('shows the values of one sample beside the lines', async () => {
    await until({
      what: 'the first sample, wherever another journey left the file',
      ask: async () => {
        const titles = await lensTitles(editor);
        const other = titles.some((title) => /^sample [1-9]/.test(title));
        if (other)
          await vscode.commands.executeCommand('grpoLens.previousSample', editor.document.fileName, 'accuracy_reward');
        return titles;
      },
      enough: (titles) => titles.includes('sample 0 of group 0 = 0'),
    });
    await vscode.commands.executeCommand('grpoLens.nextSample', editor.document.fileName, 'accuracy_reward');
    await lensThat(editor, (title) => title === 'sample 1 of group 0 = 1');
    await until({ what: 'the values', ask: drawnValues, enough: (drawn) => drawn.includes("expected = '9'") });
    await vscode.commands.executeCommand('grpoLens.worstSample', editor.document.fileName, 'accuracy_reward');
    await lensThat(editor, (title) => title === 'sample 4 of group 0 = 0');
    const press = ['grpoLens.previousSample', editor.document.fileName, 'accuracy_reward'] as const;
    await Promise.all([vscode.commands.executeCommand(...press), vscode.commands.executeCommand(...press)]);
    await lensThat(editor, (title) => title.startsWith('sample 2 of group 0'));
    await (await lenses()).filter({ hasText: 'sample 2 of group 0' }).first().waitFor();
    await screenshot('values');
  });

  itInCi('shows beside each line how many samples came by, and dims those that none reached', async () => {
    await replace(editor, 'return rewards', 'if not rewards:\n        return []\n    return rewards');
    await until({ what: 'the dimmed line', ask: dimmed, enough: (words) => words.join('').includes('return') });
    await (await window()).locator('.editor-instance .cgmr').first().waitFor();
    await screenshot('heat');
    await replace(editor, 'if not rewards:\n        return []\n    return rewards', 'return rewards');
  });

  it('scores again after a pause in typing', async () => {
    await replace(editor, '1.0 if found and', '0.25 if found and');
    const flips = 'flips 456 of 896 against the record (456 × 1 → 0.25)';
    const titles = await lensThat(editor, (title) => title === flips);
    assert.ok(titles.some((title) => title.includes('% 0.25')));
    assert.ok(titles.includes(await recorded('format_reward')), 'the other reward keeps its scores');
    await screenshot('flips');
    await replace(editor, '0.25 if found and', '1.0 if found and');
  });

  it('says where a syntax error is and keeps the last numbers', async () => {
    await replace(editor, 'return rewards', 'return rewards)');
    const titles = await lensThat(editor, (title) => title.startsWith('Python cannot read'));
    assert.ok(
      titles.some((title) => title.startsWith('(before this edit) mean')),
      titles.join('\n'),
    );
    await replace(editor, 'return rewards)', 'return rewards');
  });

  it('says which samples a reward fails on', async () => {
    await replace(editor, 'rewards.append(', 'rewards.append({}["missing"] + ');
    await lensThat(editor, (title) => title.includes('failed: KeyError'));
    await replace(editor, 'rewards.append({}["missing"] + ', 'rewards.append(');
  });

  itInCi('is scored at once on the batches that hold as many samples as the settings say', async () => {
    const configuration = vscode.workspace.getConfiguration('grpoLens.rewards');
    await configuration.update('maxSamples', 64, vscode.ConfigurationTarget.Global);
    await lensThat(editor, (title) => title.includes('first 128 of 28,160'));
    await configuration.update('maxSamples', undefined, vscode.ConfigurationTarget.Global);
    await lensThat(editor, (title) => title.includes('first 896 of 28,160'));
  });

  it('says that there is no Python, and goes on when there is', async () => {
    const configuration = vscode.workspace.getConfiguration('grpoLens.python');
    await configuration.update('interpreter', '/nowhere/python3', vscode.ConfigurationTarget.Global);
    await lensThat(editor, (title) => title.includes('"/nowhere/python3" is not found'));
    await configuration.update('interpreter', undefined, vscode.ConfigurationTarget.Global);
    const accuracy = await recorded('accuracy_reward');
    await lensThat(editor, (title) => title === accuracy);
  });
});
