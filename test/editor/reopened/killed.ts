import * as vscode from 'vscode';
import { agreeTo, tinyScript } from '../support/launching';
import { chooseKernel, madeNotebook, runCell, save } from '../support/notebooks';
import { window } from '../support/window';

/** `GRPO_LENS_FAULT` has this window killed in the midst of its third launch: the extension host, and what started it. */
describe('a window that is killed', () => {
  it('while a run trains, and in the midst of the next launch', async () => {
    const first = await tinyScript('first.sh', '--max_steps 3000 --seconds_per_step 0.1 --save_steps 5');
    await agreeTo(vscode.commands.executeCommand('grpoLens.launch', first.fsPath), 'Start here');
    await launchCell();
    const second = await tinyScript('second.sh', '--max_steps 5');
    await agreeTo(vscode.commands.executeCommand('grpoLens.launch', second.fsPath), 'Start here');
    await new Promise((resolve) => setTimeout(resolve, 20_000));
  });
});

/** A cell that trains for some seconds more than this window lives; its notebook is saved while it does. */
async function launchCell(): Promise<void> {
  const tiny = `${process.env.GRPO_LENS_ROOT ?? ''}/python/grpo_lens/tiny`;
  const words = '--reward rewards.py:accuracy_reward --num_generations 8 --max_steps 12 --seconds_per_step 0.7';
  const text = `%%launch --name of-a-cell --outputs of-a-cell\npython3 '${tiny}' ${words} --output_dir of-a-cell`;
  const notebook = await madeNotebook('tiny-count/killed.ipynb', [['shellscript', text]]);
  await chooseKernel();
  await runCell(notebook, 0, async () => {
    const page = await window();
    await page.locator('.quick-input-title:visible', { hasText: 'of-a-cell' }).waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Start here' }).click();
  });
  await save(notebook);
}
