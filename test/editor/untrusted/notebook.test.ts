import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { chooseKernel, madeNotebook, reveal } from '../support/notebooks';
import { until } from '../support/texts';
import { window } from '../support/window';

describe('a notebook in a workspace that is not trusted', () => {
  it('runs no cell, starts nothing, and says why', async () => {
    const notebook = await madeNotebook('untrusted.ipynb', [
      ['python', 'open("touched", "w").write("1")'],
      ['shellscript', '%%launch\ntouch touched'],
    ]);
    await chooseKernel();
    reveal(notebook, 'touched');
    // VS Code itself asks for trust before any kernel's cell runs, and the command waits for the answer.
    void vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await (await window()).getByText('Executing a notebook cell will run code').first().waitFor();
    await (await window()).keyboard.press('Escape');
    const cell = notebook.cellAt(1);
    void vscode.commands.executeCommand('grpoLens.launchCell', cell.document.uri.toString());
    await (await window()).getByText('Nothing is started here, since this workspace is not trusted.').first().waitFor();
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      cell.document.uri,
    );
    assert.deepEqual(lenses, []);
    const touched = await until({
      what: 'the folder',
      ask: async () => vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(notebook.uri, '..')),
      enough: () => true,
    });
    assert.ok(!touched.some(([name]) => name === 'touched'));
    assert.ok(notebook.getCells().every(({ executionSummary }) => executionSummary?.success === undefined));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
