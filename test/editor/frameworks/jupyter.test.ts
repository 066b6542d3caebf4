import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { openNotebook, outputs, reveal } from '../support/notebooks';
import { screenshot } from '../support/screenshot';
import { until } from '../support/texts';

const CURVE = 'figure[aria-label="Reward"] svg .mark-line path';

describe('a notebook that a kernel of Jupyter ran', () => {
  it('is drawn by us with no other extension present, and its card follows the run', async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const house = process.env.GRPO_LENS_ROOT ?? '';
    const script = `${house}/test/frameworks/jupyter.py`;
    const { stdout } = await promisify(execFile)(
      process.env.GRPO_LENS_TEST_PYTHON ?? '',
      [script, `${root}/notebook/walkthrough.ipynb`],
      { maxBuffer: 1 << 26, env: { ...process.env, PYTHONPATH: `${house}/python` } },
    );
    writeFileSync(`${root}/notebook/jupyter.ipynb`, stdout);
    const other = vscode.extensions.all.filter(({ id }) => /^ms-(toolsai|python)\./.test(id));
    assert.deepEqual(other, []);
    const notebook = await openNotebook('notebook/jupyter.ipynb');
    reveal(notebook, 'show(samples');
    await (await outputs('.sample')).locator('.sample').first().waitFor();
    await screenshot('notebook-jupyter');
    reveal(notebook, '%%reward samples');
    await (await outputs('.whys summary')).locator('.whys summary').first().waitFor();
    const scored = notebook.getCells().find(({ document }) => document.getText().includes('%%reward samples'));
    await until({
      what: 'the lens that speaks of the output',
      ask: async () => {
        const command = 'vscode.executeCodeLensProvider';
        const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(command, scored?.document.uri, 100);
        return all.flatMap((lens) => lens.command?.title ?? []);
      },
      enough: (titles) => titles.includes('mean 0.875 · 13% 0 · 88% 1 · 8 samples (samples, when this cell was run)'),
    });
    reveal(notebook, 'watch(');
    await (await outputs(CURVE)).locator(CURVE).first().waitFor();
    await outputs('text=Followed live.');
  });
});
