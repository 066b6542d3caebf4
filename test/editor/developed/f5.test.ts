import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import * as vscode from 'vscode';
import { window } from '../support/window';

describe('F5 in a checkout', () => {
  after(() => vscode.tasks.taskExecutions.forEach((execution) => execution.terminate()));

  // Whether the extension answers there is shown by the other suites: a workbench in a browser leaves it to its embedder.
  it('builds, and opens a window on examples/ that develops this extension, under the debugger', async () => {
    const started = new Promise<vscode.DebugSession>((resolve) => vscode.debug.onDidStartDebugSession(resolve));
    const page = await pressed();
    const { type, configuration } = await started;
    assert.match(type, /extensionHost/);
    assert.ok(vscode.tasks.taskExecutions.some(({ task }) => task.name === 'npm: watch'));
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    assert.deepEqual(configuration['outFiles'], [`${root}/dist/**/*.js`]);
    assert.ok(existsSync(`${root}/dist/extension.js`));
    assert.match(decodeURIComponent(page.url()), /"inspect-brk-extensions","\d+"/);
    await page.close();
    await vscode.debug.stopDebugging();
  });
});

/** The window that opens where F5 is pressed in a checkout: on its `examples/`, with the extension of its folder. */
async function pressed(): Promise<Page> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const opened = (await window()).context().waitForEvent('page', { timeout: 50_000 });
  void vscode.debug.startDebugging(folder, 'Extension on examples/');
  const page = await opened;
  const asked = new URL(page.url()).searchParams;
  assert.equal(asked.get('folder'), `${folder.uri.fsPath}/examples`);
  assert.match(asked.get('payload') ?? '', new RegExp(`"extensionDevelopmentPath","[^"]*${folder.uri.fsPath}"`));
  return page;
}
