import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { distributionOf, describe as told } from '../../src/domain/rollouts/distribution';
import { outputTypes, readOutput, type RewardsOutput } from '../../src/wire/notebook';
import { itInCi } from './support/inCi';
import { chooseKernel, errorsOf, madeNotebook, outputs, reveal, runAll, runCell } from './support/notebooks';
import { screenshot } from './support/screenshot';
import { hoverOver, until } from './support/texts';
import { openFile, shownPage, window, tabsOf } from './support/window';

const SEEDS = [
  'qwenvl-own/rewards.py',
  'swift-vlm-puzzle/rewards.py',
  'verl-gad/reward.py',
  'swift-clevr/plugin.py',
  'easyr1-vqa/utils/reward_function/vqa_reward.py',
] as const;

function root(): string {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
}

async function lenses(
  { uri }: vscode.TextDocument,
  fits: (title: string) => boolean,
  what = 'the lens',
): Promise<vscode.Command> {
  const command = 'vscode.executeCodeLensProvider';
  const found = await until({
    what,
    ask: async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(command, uri, 100);
      return all.flatMap((lens) => lens.command ?? []);
    },
    enough: (all) => all.some(({ title }) => fits(title)),
  });
  const lens = found.find(({ title }) => fits(title));
  assert.ok(lens);
  return lens;
}

function dataOf(item: vscode.NotebookCellOutputItem | undefined): unknown {
  return JSON.parse(new TextDecoder().decode(item?.data));
}

function rewardsOf(cell: vscode.NotebookCell): RewardsOutput[] {
  const items = cell.outputs.flatMap(({ items }) => items.filter(({ mime }) => mime === outputTypes.rewards));
  return items.map((item) => {
    const read = readOutput(item.mime, dataOf(item));
    assert.ok(read.kind === 'rewards');
    return read.output;
  });
}

async function press({ command, arguments: given = [] }: vscode.Command): Promise<unknown> {
  return vscode.commands.executeCommand(command, ...(given as unknown[]));
}

function diagnosticsOf(cell: vscode.NotebookCell): Promise<vscode.Diagnostic[]> {
  return until({
    what: 'findings in the cell',
    ask: () => Promise.resolve(vscode.languages.getDiagnostics(cell.document.uri)),
    enough: (all) => all.length > 0,
  });
}

const HELPER =
  'import re\ndef extract(text):\n    found = re.search(r"<answer>(.*?)</answer>", text)\n    return found and found.group(1).strip()';
const REWARD =
  'def reward(completions, solution, **kwargs):\n    return [1.0 if extract(c[0]["content"]) == extract(s) else 0.0 for c, s in zip(completions, solution)]';
const TRAIN = 'swift rlhf --rlhf_type grpo --num_generations 7 --beta two';

describe('cells of any kernel', () => {
  let notebook: vscode.NotebookDocument;
  const cell = (at: number): vscode.NotebookCell => notebook.cellAt(at);

  /** Waits until the line that a cause leads to is shown. */
  async function lineOfCell(): Promise<void> {
    await until({
      what: 'the line of the cell',
      ask: () => Promise.resolve(vscode.window.activeTextEditor),
      enough: (editor) => editor?.document === cell(1).document && editor.selection.active.line === 1,
    });
  }

  before(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    notebook = await madeNotebook('trl-count/cells.ipynb', [
      ['python', HELPER],
      ['python', REWARD],
      ['python', '%%bash\n' + TRAIN],
      ['shellscript', TRAIN],
      ['python', 'def broken(completions, **kwargs):\n    return [1.0 for c in'],
      ['python', '# far down\n'.repeat(90)],
    ]);
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('a plain cell that defines a reward has its scores, with the helpers of the cells before', async () => {
    await lenses(cell(1).document, (title) => /^mean 0\.\d+ .* 896 samples$/.test(title));
    const worst = await lenses(cell(1).document, (title) => title === 'worst');
    await press(worst);
    await lenses(cell(1).document, (title) => /^sample \d+ .*= 0$/.test(title));
  });

  it('why leads from a score to a line of the cell, in its notebook also where it is scrolled out of view', async () => {
    await press(await lenses(cell(1).document, (title) => title === 'why'));
    const page = await shownPage();
    const isCellShown = (): boolean =>
      vscode.window.visibleTextEditors.some(({ document }) => document === cell(1).document);
    reveal(notebook, '# far down');
    await until({ what: 'the cell out of view', ask: () => Promise.resolve(isCellShown()), enough: (shown) => !shown });
    await page.locator('.tree .line', { hasText: '== extract(s)' }).first().click();
    await lineOfCell();
    assert.equal(tabsOf(vscode.TabInputText), 0);
    await screenshot('cells-why');
  });

  it('commands of a trainer are explained, checked and can be started in shell cells of either kind', async () => {
    for (const at of [2, 3]) {
      const [found] = await diagnosticsOf(cell(at));
      assert.match(found?.message ?? '', /beta|two/);
      await lenses(cell(at).document, (title) => title === 'launch this cell on …');
    }
    // VS Code polls which page has the focus, so the why panel that was clicked may be the active editor by now.
    const editor = await vscode.window.showTextDocument(cell(3).document, vscode.ViewColumn.One);
    assert.match(await hoverOver(editor, '--num_generations'), /num_generations/);
    const place = new vscode.Position(0, TRAIN.indexOf('num_gen') + 4);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      cell(3).document.uri,
      place,
    );
    assert.ok(list.items.some(({ label }) => JSON.stringify(label).includes('num_generations')));
  });

  it('a cell that Python cannot read says so at its line', async () => {
    const [found] = await diagnosticsOf(cell(4));
    assert.equal(found?.range.start.line, 1);
  });

  /** The cell that is added below all others. */
  async function cellBy(send: () => Promise<unknown>): Promise<vscode.NotebookCell> {
    const count = notebook.cellCount;
    await send();
    await until({ what: 'the cell', ask: () => Promise.resolve(notebook.cellCount), enough: (now) => now > count });
    return cell(count);
  }

  itInCi('a group goes from the why panel to the notebook, and rows from the page of completions', async () => {
    const why = await shownPage();
    const group = await cellBy(() => why.getByText('Notebook', { exact: true }).click());
    assert.match(group.document.getText(), /score\(reward, "reward-\w+\.samples\.jsonl"\)/);
    await vscode.commands.executeCommand('grpoLens.openCompletions', `${root()}/trl-count/output`);
    const page = await outputs('.query input');
    await page.locator('.query input').fill('group=0');
    await page.locator('header:has-text("8 of 28,160")').waitFor();
    const rows = await cellBy(async () => {
      await page.getByTitle('Export these rows').click();
      await page.locator('vscode-option:has-text("Notebook")').click();
    });
    assert.equal(rows.outputs[0]?.items[0]?.mime, outputTypes.completions);
    const read = readOutput(outputTypes.completions, dataOf(rows.outputs[0]?.items[0]));
    assert.equal(read.kind === 'completions' && read.output.samples.total, 8);
  });

  itInCi('a cell is started as a run from its lens, without a kernel, and its card stands below it', async () => {
    const lone = await madeNotebook('tiny-count/lens.ipynb', [
      ['shellscript', '%%launch --name from-lens --outputs from-lens\necho trained'],
    ]);
    const lens = await lenses(lone.cellAt(0).document, (title) => title === 'launch this cell on …');
    const pressed = press(lens);
    const rows = (await window()).locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'this machine' }).first().click();
    await rows.filter({ hasText: 'Start here' }).first().click();
    await pressed;
    assert.equal(lone.cellAt(0).outputs[0]?.items[0]?.mime, outputTypes.run);
    await outputs('header.run:has-text("from-lens"):has-text("succeeded")');
    await screenshot('cells-launched');
  });

  itInCi('why leads to the cell in whatever column its notebook is', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await openFile('trl-count/rewards.py');
    notebook = await vscode.workspace.openNotebookDocument(notebook.uri);
    await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.Two });
    await press(await lenses(cell(1).document, (title) => title === 'why'));
    const page = await shownPage();
    await page.locator('.tree .line', { hasText: '== extract(s)' }).first().waitFor();
    reveal(notebook, '# far down');
    await page.locator('.tree .line', { hasText: '== extract(s)' }).first().click();
    await lineOfCell();
    assert.equal(tabsOf(vscode.TabInputNotebook), 1);
  });
});

describe('the kernel GRPO Lens', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  itInCi(
    'scores the seeds’ rewards in %%reward cells as in their files; a sample of theirs opens beside all others',
    async () => {
      const folder = (seed: string): string => seed.split('/')[0] ?? '';
      const text = (seed: string): string => readFileSync(`${root()}/${seed}`, 'utf8');
      const notebook = await madeNotebook(
        'seeds.ipynb',
        SEEDS.map((seed) => ['python', `%%reward ${folder(seed)}/samples.jsonl\n${text(seed)}`] as const),
      );
      await chooseKernel();
      const documents = SEEDS.map((seed) => vscode.workspace.openTextDocument(`${root()}/${seed}`));
      assert.deepEqual(await runAll(notebook), []);
      for (const [at, seed] of SEEDS.entries()) {
        const document = await (documents[at] ?? assert.fail());
        const shown = rewardsOf(notebook.cellAt(at));
        assert.ok(shown.length > 0, seed);
        for (const { reward, samples } of shown) {
          const scores = samples.rows.map((row) => row.scores[0] ?? 'unknown');
          const expected = told(
            distributionOf(scores.map((score) => (score === 'inf' || score === '-inf' ? 0 : score))),
          );
          await lenses(document, (title) => title === expected, `the lens over ${reward.name} of ${seed}: ${expected}`);
        }
      }
      const samples = await outputs('.sample button[title^="Opens this"]');
      await samples.locator('.sample button').nth(1).dispatchEvent('click');
      const page = await outputs('.query input');
      await until({
        what: 'the query',
        ask: () => page.locator('.query input').inputValue(),
        enough: (query) => query === 'row=1',
      });
    },
  );

  it('shows why in the output, and a click there leads to the cell', async () => {
    const samples = 'samples = [{"completion": "abc"}, {"completion": "x"}]';
    const reward =
      '%%reward\ndef brief(completions, **kwargs):\n    return [1.0 if len(c) < 2 else 0.0 for c in completions]';
    const notebook = await madeNotebook('why.ipynb', [
      ['python', samples],
      ['python', reward],
    ]);
    await lenses(notebook.cellAt(1).document, (title) => title === 'Run this cell to score it on "samples"');
    await chooseKernel();
    assert.deepEqual(await runAll(notebook), []);
    await lenses(
      notebook.cellAt(1).document,
      (title) => title === 'mean 0.5 · 0 █▁▁▁▁▁▁█ 1 · 50% 0 · 50% 1 · 2 samples',
    );
    await lenses(notebook.cellAt(1).document, (title) => title === 'samples, as the cell had them');
    const frame = await outputs('.whys summary');
    reveal(notebook, '%%reward');
    // Not by the mouse: the page of the outputs lies below the window's own scrolling.
    assert.equal(await frame.locator('.whys summary').count(), 2);
    await frame.locator('.whys summary').first().dispatchEvent('click');
    await frame.locator('.whys .line').first().waitFor();
    await screenshot('notebook-why');
    await frame.locator('.whys .line').first().dispatchEvent('click');
    await until({
      what: 'the line of the cell',
      ask: () => Promise.resolve(vscode.window.activeTextEditor),
      enough: (editor) => editor?.document === notebook.cellAt(1).document && editor.selection.active.line === 2,
    });
  });

  it('goes on after a cell that failed by the file that it could not write', async () => {
    const body = 'beta: 0.1';
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 8);
    mkdirSync(`${root()}/unwritable-${hash}.yaml`);
    const notebook = await madeNotebook('unwritable.ipynb', [
      ['yaml', `# %%launch trl grpo --config {file}\n${body}`],
      ['python', '6 * 7'],
    ]);
    await chooseKernel();
    await runCell(notebook, 0);
    assert.match(errorsOf(notebook.cellAt(0)), /The log tells more/);
    await runCell(notebook, 1);
    assert.equal(new TextDecoder().decode(notebook.cellAt(1).outputs[0]?.items[0]?.data), '42');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  itInCi('runs cells of a notebook that is read-only, and says a syntax error at its line', async () => {
    const notebook = await madeNotebook('readonly.ipynb', [
      ['python', '6 * 7'],
      ['python', 'x = 1\nprint('],
    ]);
    chmodSync(notebook.uri.fsPath, 0o444);
    await chooseKernel();
    await runCell(notebook, 0);
    assert.equal(new TextDecoder().decode(notebook.cellAt(0).outputs[0]?.items[0]?.data), '42');
    await runCell(notebook, 1);
    assert.match(errorsOf(notebook.cellAt(1)), /line 2.*SyntaxError/s);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
