import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from './support/screenshot';
import { until } from './support/texts';
import { shownPage, window } from './support/window';

describe('a script started as a run', () => {
  it('is shown before it starts, runs detached, and ends on its own page', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const tiny = `${process.env.GRPO_LENS_ROOT ?? ''}/python/grpo_lens/tiny`;
    const script = vscode.Uri.joinPath(folder, 'tiny-count', 'short.sh');
    const text = `WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567 \\\nexec python3 '${tiny}' --reward rewards.py:accuracy_reward --max_steps 6 --num_generations 8 --output_dir output\n`;
    await vscode.workspace.fs.writeFile(script, Buffer.from(text));
    await vscode.window.showTextDocument(script);
    const before = await ids();
    const launched = vscode.commands.executeCommand('grpoLens.launch');
    const page = await window();
    const offered = (text: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await offered('Record completions').click();
    await offered('Recorded: every completion').waitFor();
    await screenshot('launch');
    await offered('Start here').click();
    await launched;
    const run = await shownPage();
    const state = async (): Promise<string> => (await run.locator('body').textContent()) ?? '';
    const ended = (shown: string): boolean => shown.includes('succeeded') && shown.includes('step 6 of 6');
    await until({ what: 'the end of the run', ask: state, enough: ended });
    const runs = (await ids()).filter((id) => !before.includes(id));
    assert.equal(runs.length, 1, JSON.stringify(runs));
    const launch = vscode.Uri.joinPath(home(), 'runs', runs[0] ?? '', 'launch.json');
    const kept = Buffer.from(await vscode.workspace.fs.readFile(launch)).toString();
    assert.doesNotMatch(kept, /0123456789abcdef/, 'the secret is in no record');
    assert.match(kept, /WANDB_API_KEY/);
    assert.match(kept, /"record": true/);
  });
});

const home = (): vscode.Uri => vscode.Uri.file(process.env.GRPO_LENS_HOME ?? '');

/** Of the runs of this journey's script. */
async function ids(): Promise<string[]> {
  const all = await Promise.resolve(vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(home(), 'runs'))).catch(
    () => [],
  );
  return all.flatMap(([name]) => (name.includes('-short-sh-') ? name : []));
}
