import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { itInCi } from './support/inCi';
import { chooseKernel, errorOf, openNotebook, outputs, reveal, runAll, runCell, save } from './support/notebooks';
import { screenshot } from './support/screenshot';
import { until } from './support/texts';
import { window } from './support/window';

/** A lens with scores above a reward in a cell. */
async function lensOver(notebook: vscode.NotebookDocument, text: string): Promise<void> {
  const cell = notebook.getCells().find(({ document }) => document.getText().includes(text));
  assert.ok(cell);
  await until({
    what: 'a lens in the cell',
    ask: async () => {
      const command = 'vscode.executeCodeLensProvider';
      // A cell that was not drawn yet has no text there: "Illegal argument".
      const asked = vscode.commands.executeCommand<vscode.CodeLens[]>(command, cell.document.uri, 100);
      const found = await Promise.resolve(asked).catch(() => []);
      return found.flatMap((lens) => lens.command?.title ?? []);
    },
    enough: (titles) => titles.length > 0,
  });
}

const LINK = 'button:has-text("rewards.py:")';
const CURVE = 'figure[aria-label="Reward"] svg .mark-line path';

describe('a notebook with the kernel GRPO Lens', () => {
  it('runs from top to bottom; rows, spreads and curves are drawn, and a click opens the source', async () => {
    const notebook = await openNotebook('notebook/walkthrough.ipynb');
    await chooseKernel();
    assert.deepEqual(await runAll(notebook), []);
    reveal(notebook, 'show(samples');
    await (await outputs('.sample')).locator('.sample').first().waitFor();
    await screenshot('notebook-completions');
    reveal(notebook, '%%reward samples');
    await screenshot('notebook-reward');
    await lensOver(notebook, 'def accuracy_reward');
    reveal(notebook, 'watch(');
    const curve = (await outputs(CURVE)).locator(CURVE).first();
    assert.ok(((await curve.getAttribute('d')) ?? '').split('L').length > 100);
    await (await outputs('text=Followed live.')).locator('text=Followed live.').waitFor();
    await screenshot('notebook-run');
    reveal(notebook, 'format_reward');
    await (await outputs(LINK)).locator(LINK).first().click();
    await until({
      what: 'the source of the reward',
      ask: () => Promise.resolve(vscode.window.activeTextEditor?.document.fileName ?? ''),
      enough: (name) => name.endsWith('trl-count/rewards.py'),
    });
  });

  itInCi('is still drawn when it is opened again, without its kernel', async () => {
    const notebook = await openNotebook('notebook/walkthrough.ipynb');
    await save(notebook);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const again = await openNotebook('notebook/walkthrough.ipynb');
    reveal(again, 'show(samples');
    await (await outputs('.spread')).locator('.spread').first().waitFor();
    reveal(again, 'watch(');
    await (await outputs(CURVE)).locator(CURVE).first().waitFor();
  });

  it('interrupts an endless cell, says that a killed Python is gone, and goes on with a new one', async () => {
    const code = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python');
    const data = new vscode.NotebookData([
      code('print("on")\nwhile True: pass'),
      code('import os, signal; os.kill(os.getpid(), signal.SIGKILL)'),
      code('6 * 7'),
    ]);
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
    await vscode.window.showNotebookDocument(notebook);
    await chooseKernel();
    const [endless, killed, after] = notebook.getCells();
    assert.ok(endless && killed && after);
    await runCell(notebook, 0, async () => {
      await until({
        what: 'a sign of the endless cell',
        ask: () => Promise.resolve(endless.outputs.length),
        enough: (shown) => shown > 0,
      });
      await vscode.commands.executeCommand('notebook.cancelExecution', {
        document: notebook.uri,
        ranges: [{ start: 0, end: 1 }],
      });
      await until({
        what: 'the end of the endless cell',
        ask: () => Promise.resolve(endless.executionSummary?.success),
        enough: (success) => success === false,
      });
    });
    assert.match(endless.outputs.flatMap(({ items }) => items.flatMap(errorOf)).join(), /KeyboardInterrupt/);
    await runCell(notebook, 1);
    assert.match(
      killed.outputs.flatMap(({ items }) => items.flatMap(errorOf)).join(),
      /was ended by SIGKILL.*variables are gone/,
    );
    await runCell(notebook, 2);
    assert.equal(new TextDecoder().decode(after.outputs[0]?.items[0]?.data), '42');
  });

  it('launches a cell as a run of its own; the card follows it to its end, also after the notebook was closed', async () => {
    const root = vscode.extensions.getExtension('grpo-lens.grpo-lens')?.extensionPath ?? '';
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const train = `python3 ${root}/python/grpo_lens/tiny --reward rewards.py:accuracy_reward --max_steps 12 --num_generations 8 --output_dir from-cell`;
    const data = new vscode.NotebookData([
      new vscode.NotebookCellData(
        vscode.NotebookCellKind.Code,
        `%%launch --name from-a-cell --outputs from-cell\n${train}`,
        'shellscript',
      ),
    ]);
    const uri = vscode.Uri.joinPath(folder, 'tiny-count', 'launch.ipynb');
    const content = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(content)));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    const edit = new vscode.WorkspaceEdit();
    edit.set(uri, [vscode.NotebookEdit.insertCells(0, [...data.cells])]);
    await vscode.workspace.applyEdit(edit);
    await chooseKernel();
    await runCell(notebook, 0, async () => {
      const start = (await window()).locator('.quick-input-list .monaco-list-row:has-text("Start here")');
      await start.waitFor();
      await screenshot('notebook-launch');
      await start.click();
    });
    assert.equal(notebook.cellAt(0).executionSummary?.success, true);
    await save(notebook);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await openNotebook('tiny-count/launch.ipynb');
    const done = 'header.run:has-text("succeeded"):has-text("step 12 of 12")';
    await outputs(done);
    await (await outputs(CURVE)).locator(CURVE).first().waitFor();
    await screenshot('notebook-launched');
  });

  itInCi('opens a run as a notebook, with everything drawn', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const to = `${folder}/run.ipynb`;
    await vscode.commands.executeCommand('grpoLens.openRunAsNotebook', `${folder}/trl-count/output`, to);
    const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.fsPath === to);
    assert.ok(notebook);
    const texts = notebook.getCells().map(({ document }) => document.getText());
    assert.ok(texts.some((text) => /^## Advice\n\n(?:- \*\*|Neither)/.test(text)));
    const drawn = notebook.getCells().flatMap(({ outputs }) => outputs.flatMap(({ items }) => items[0]?.mime ?? []));
    assert.equal(drawn.filter((mime) => mime.startsWith('application/vnd.grpo-lens.')).length, 6, drawn.join());
    await (await outputs(CURVE)).locator(CURVE).first().waitFor();
    reveal(notebook, 'part = ');
    await (await outputs('.sample')).locator('.sample').first().waitFor();
    await screenshot('notebook-of-run');
  });
});
