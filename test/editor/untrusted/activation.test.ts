import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('a workspace that is not trusted', () => {
  it('is not trusted, and the extension activates in it', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const extension = vscode.extensions.getExtension('grpo-lens.grpo-lens');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
