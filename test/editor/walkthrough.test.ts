import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { itInCi } from './support/inCi';
import { agreeTo } from './support/launching';
import { lensThat, replace, until } from './support/texts';
import { shownPage, window } from './support/window';

interface Step {
  readonly id: string;
  readonly description: string;
}

/** Commands that a step's text links to, with what they are given. */
function linked({ description }: Step): { readonly command: string; readonly args: unknown[] }[] {
  return [...description.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g)].map(([, command = '', args]) => ({
    command,
    args: args === undefined ? [] : (JSON.parse(decodeURIComponent(args)) as unknown[]),
  }));
}

const pageText = async (): Promise<string> => {
  const page = await shownPage();
  return page
    .locator('#root')
    .innerText({ timeout: 2000 })
    .catch(() => '');
};

describe('the walkthrough', () => {
  let began = NaN;
  let steps: readonly Step[] = [];
  let commands: readonly string[] = [];
  let folder = '';

  const only = (id: string): { readonly command: string; readonly args: unknown[] }[] => {
    const step = steps.find((one) => one.id === id);
    assert.ok(step, `there is no step ${id}`);
    return linked(step);
  };
  const carryOut = (id: string, at = 0, ...more: unknown[]): Thenable<unknown> => {
    const { command = '', args = [] } = only(id)[at] ?? {};
    return vscode.commands.executeCommand(command, ...args, ...more);
  };

  before(async () => {
    // Files are loaded before any journey begins: the other journeys' minutes are not ours.
    began = Date.now();
    const own = vscode.extensions.getExtension('grpo-lens.grpo-lens')?.packageJSON as {
      contributes: { walkthroughs: { steps: Step[] }[]; commands: { command: string }[] };
    };
    commands = own.contributes.commands.map(({ command }) => command);
    steps = own.contributes.walkthroughs[0]?.steps ?? [];
    folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('has five steps, each with a command that there is', () => {
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['score', 'fix', 'train', 'completions', 'host'],
    );
    for (const step of steps) for (const { command } of linked(step)) assert.ok(commands.includes(command), command);
  });

  it('scores a reward, and tells what an edit flips', async () => {
    await carryOut('score');
    const shown = (): vscode.TextEditor | undefined =>
      vscode.window.visibleTextEditors.find(({ document }) => document.fileName.endsWith('rewards.py'));
    await until({ what: 'the reward file', ask: () => Promise.resolve(shown() !== undefined), enough: Boolean });
    const editor = shown();
    assert.ok(editor);
    await lensThat(editor, (title) => /^mean 0\.\d+ /.test(title));
    const [from, to] = ['.strip() == expected', '.strip() != expected'] as const;
    const whole = editor.document.getText();
    try {
      await replace(editor, from, to);
      await lensThat(editor, (title) => title.startsWith('flips '));
      await carryOut('fix', 0, editor.document.fileName, 'accuracy_reward');
    } finally {
      const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
      await editor.edit((edit) => edit.replace(all, whole));
      await editor.document.save();
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  itInCi('starts the tiny trainer, and looks at its completions', async () => {
    // A new one for each try: a recipe is copied into an empty folder only.
    const into = `${folder}/walked-${Date.now()}`;
    await carryOut('train', 0, into);
    const script = await vscode.workspace.openTextDocument(`${into}/tiny-count/train.sh`);
    const editor = await vscode.window.showTextDocument(script);
    await replace(editor, '--max_steps 120', '--max_steps 4');
    await script.save();
    await agreeTo(carryOut('train', 1), 'Start here');
    await until({ what: 'the end of the run', ask: pageText, enough: (text) => /succeeded/.test(text) });
    await carryOut('completions', 0, `${into}/tiny-count/output`);
    await until({ what: 'completions', ask: pageText, enough: (text) => /accuracy_reward/.test(text) });
  });

  it('asks for a host, and all of it took less than five minutes', async () => {
    const asked = carryOut('host');
    const page = await window();
    await page.locator('.quick-input-widget .quick-input-box input').first().press('Escape');
    await asked;
    assert.ok(Date.now() - began < 5 * 60_000);
  });
});
