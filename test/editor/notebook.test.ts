import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import * as vscode from 'vscode';
import { screenshot } from './support/screenshot';
import { until } from './support/texts';
import { window } from './support/window';

async function open(path: string): Promise<vscode.NotebookDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(folder.uri, path));
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

async function chooseKernel(): Promise<void> {
  await vscode.commands.executeCommand('notebook.selectKernel', {
    id: 'grpoLens.cells',
    extension: 'grpo-lens.grpo-lens',
  });
}

/** Runs cells and waits until each has ended; gives what failed. */
async function run(notebook: vscode.NotebookDocument): Promise<string[]> {
  await vscode.commands.executeCommand('notebook.execute', notebook.uri);
  const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  await until({
    what: 'the end of all cells',
    ask: () => Promise.resolve(cells.map(({ executionSummary }) => executionSummary?.success ?? null)),
    enough: (ended) => ended.every((success) => success !== null) || ended.includes(false),
  });
  return cells.flatMap(({ outputs }) => outputs.flatMap(({ items }) => items.flatMap(errorOf)));
}

function errorOf(item: vscode.NotebookCellOutputItem): string[] {
  return item.mime === 'application/vnd.code.notebook.error' ? [new TextDecoder().decode(item.data)] : [];
}

/** The page in which the notebook's outputs are drawn, once it shows something that fits the selector. */
async function outputs(selector: string): Promise<Frame> {
  const page = await window();
  const found = await until({
    what: `an output with ${selector}`,
    ask: async () => {
      for (const frame of page.frames()) {
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
      return undefined;
    },
    enough: (frame) => frame !== undefined,
  });
  assert.ok(found);
  return found;
}

describe('a notebook with the kernel GRPO Lens', () => {
  it('runs from top to bottom; rows, spreads and curves are drawn; a click opens the source; it is still drawn when reopened', async () => {
    const notebook = await open('notebook/walkthrough.ipynb');
    await chooseKernel();
    assert.deepEqual(await run(notebook), []);
    const frame = await outputs('.sample');
    await frame.locator('.sample').first().waitFor();
    await screenshot('notebook-editor');
    const link = (await outputs('button:text-matches("rewards\\\\.py:\\\\d+")')).locator(
      'button:text-matches("rewards\\\\.py:\\\\d+")',
    );
    await link.first().click();
    await until({
      what: 'the source of the reward',
      ask: () => Promise.resolve(vscode.window.activeTextEditor?.document.fileName ?? ''),
      enough: (name) => name.endsWith('trl-count/rewards.py'),
    });
    await vscode.window.showNotebookDocument(notebook);
    assert.ok(await notebook.save());
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const again = await open('notebook/walkthrough.ipynb');
    assert.equal(again.getCells().at(-1)?.outputs.length, 1);
    await (await outputs('.spread')).locator('.spread').first().waitFor();
  });
});
