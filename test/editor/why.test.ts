import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from './support/screenshot';
import { lensThat, lensTitles, replace, until } from './support/texts';
import { openFile, shownPage, window } from './support/window';

const STRICT = 'found.group(1).strip() == expected';

async function pageText(): Promise<string> {
  const page = await shownPage();
  return page
    .locator('#root')
    .innerText({ timeout: 3000 })
    .catch(() => '');
}

const shows = (what: string, sign: RegExp): Promise<string> =>
  until({ what, ask: pageText, enough: (text) => sign.test(text) });

describe('why a sample has its score', () => {
  let editor: vscode.TextEditor;

  /** Another journey may have left another sample; one step back, and where that led. */
  async function towardsFirst(): Promise<number | undefined> {
    const sample = async (): Promise<number | undefined> => {
      const titles = await lensTitles(editor);
      const found = titles.map((title) => /^sample (\d+)/.exec(title)?.[1]).find((at) => at !== undefined);
      return found === undefined ? undefined : Number(found);
    };
    if ((await sample()) === 0) return 0;
    await vscode.commands.executeCommand('grpoLens.previousSample', editor.document.fileName, 'accuracy_reward');
    return sample();
  }

  before(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    editor = await openFile('trl-count/rewards.py');
    await lensThat(editor, (title) => title.startsWith('sample '));
    await until({ what: 'the first sample', ask: towardsFirst, enough: (sample) => sample === 0 });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens beside the code, from its lens, and each line leads to the code', async () => {
    await lensThat(editor, (title) => title === 'why');
    await vscode.commands.executeCommand('grpoLens.why', editor.document.fileName, 'accuracy_reward');
    await shows('the cause', /accuracy_reward:23[\s\S]*was False/);
    await shows('the better sample', /sample 1\s+got 1[\s\S]*smallest change found/i);
    const page = await shownPage();
    await page.locator('.tree .line').first().click();
    await until({
      what: 'the line',
      ask: () => Promise.resolve(vscode.window.activeTextEditor?.selection.active.line),
      enough: (line) => line === 22,
    });
    await screenshot('why');
  });

  it('follows the sample that is looked at', async () => {
    const page = await shownPage();
    await page.getByTitle('Sample after').click();
    await shows('the next sample', /sample 1\s+of group 0\s+1/);
    await lensThat(editor, (title) => title === 'sample 1 of group 0 = 1');
  });

  it('shows the update pressure of the recorded samples', async () => {
    await vscode.commands.executeCommand('grpoLens.showPressure', editor.document.fileName, 'accuracy_reward');
    await shows('the pressure', /Update pressure on these recorded samples[\s\S]*Groups without signal[\s\S]*of 112/);
    await screenshot('pressure');
  });

  it('lists what an edit flips and accepts it as expectations, which then are tests', async () => {
    const file = vscode.Uri.file(editor.document.fileName.replace(/\.py$/, '.expect.jsonl'));
    await remove(file);
    await replace(editor, STRICT, 'found.group(1).strip() != expected');
    await lensThat(editor, (title) => title.startsWith('flips 8'));
    await vscode.commands.executeCommand('grpoLens.showFlips', editor.document.fileName, 'accuracy_reward');
    await shows('the flips', /accuracy_reward flips 8\d\d of 896 against the record[\s\S]*→/);
    await screenshot('flips-panel');
    const page = await shownPage();
    await page.getByText('Accept as Expectations').click();
    await shows('what was written', /500 expectations written to trl-count\/rewards\.expect\.jsonl/);
    const text = Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
    assert.equal(text.trim().split('\n').length, 500);
    await replace(editor, 'found.group(1).strip() != expected', STRICT);
    await lensThat(editor, (title) => title === 'sample 1 of group 0 = 1');
    const [first] = text.split('\n');
    await vscode.workspace.fs.writeFile(file, Buffer.from(`${first}\n`));
    await failing(`${file.toString()}#1`);
    await remove(file);
  });

  it('says what to install to debug with breakpoints', async () => {
    void vscode.commands.executeCommand('grpoLens.debugSample', editor.document.fileName, 'accuracy_reward');
    const page = await window();
    await page.getByText('install the extension Python Debugger (ms-python.debugpy)').first().waitFor();
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

/** A file that may be there. */
const remove = (file: vscode.Uri): Promise<void> =>
  Promise.resolve(vscode.workspace.fs.delete(file)).catch(() => undefined);

/** The test of an expectation fails in the Testing view, and its why can be opened. */
async function failing(id: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.view.testing.focus');
  const page = await window();
  const item = page.locator('.test-explorer').getByText('rewards.expect.jsonl').first();
  await item.waitFor();
  await vscode.commands.executeCommand('testing.runAll');
  await page.locator('.test-explorer .codicon-testing-failed-icon').first().waitFor();
  await screenshot('expectations');
  await vscode.commands.executeCommand('grpoLens.whyExpectation', { id });
  await shows('the why of the expectation', /The score should be/);
}
