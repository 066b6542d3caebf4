import * as vscode from 'vscode';
import { agreeTo, tinyScript } from '../support/launching';

/** `GRPO_LENS_FAULT` has this window killed in the midst of its second launch: the extension host, and what started it. */
describe('a window that is killed', () => {
  it('while a run trains, and in the midst of the next launch', async () => {
    const first = await tinyScript('first.sh', '--max_steps 3000 --seconds_per_step 0.1 --save_steps 5');
    await agreeTo(vscode.commands.executeCommand('grpoLens.launch', first.fsPath), 'Start on here');
    const second = await tinyScript('second.sh', '--max_steps 5');
    await agreeTo(vscode.commands.executeCommand('grpoLens.launch', second.fsPath), 'Start on here');
    await new Promise((resolve) => setTimeout(resolve, 20_000));
  });
});
