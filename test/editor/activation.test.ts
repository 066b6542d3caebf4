import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from './support/screenshot';

describe('the extension', () => {
  it('is there and activates', async () => {
    const extension = vscode.extensions.getExtension('grpo-lens.grpo-lens');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('runs in a trusted workspace that holds the examples', async () => {
    assert.equal(vscode.workspace.isTrusted, true);
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const names = (await vscode.workspace.fs.readDirectory(folder.uri)).map(([name]) => name);
    assert.ok(names.includes('trl-count'), names.join(', '));
    await screenshot('window');
  });

  it('offers its commands', async () => {
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('grpoLens.showLog'));
  });
});
