import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { itInCi } from './support/inCi';
import { screenshot } from './support/screenshot';
import { replace, until } from './support/texts';
import { window } from './support/window';

/** A file of the workspace with a text, shown, the cursor behind the first occurrence of a mark. */
async function written(name: string, text: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder, name);
  const at = text.indexOf('|');
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text.replace('|', '')));
  const editor = await vscode.window.showTextDocument(uri);
  const place = editor.document.positionAt(at);
  editor.selection = new vscode.Selection(place, place);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  return editor;
}

const textOf = (document: vscode.TextDocument) => (): Promise<string> => Promise.resolve(document.getText());

/** Types, asks for suggestions, takes the one that is called so. */
async function suggested(typed: string, label: string): Promise<void> {
  const page = await window();
  await page.keyboard.type(typed);
  await page.keyboard.press('Control+Space');
  // Enter takes the one that is chosen, which another may be as long as the list is still being narrowed.
  await page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: label }).first().waitFor();
  await page.keyboard.press('Enter');
}

async function rules(document: vscode.TextDocument, expected: (rules: readonly string[]) => boolean): Promise<void> {
  await until({
    what: 'the findings',
    ask: () => Promise.resolve(vscode.languages.getDiagnostics(document.uri).map(({ code }) => String(code))),
    enough: expected,
  });
}

describe('typing into a configuration', () => {
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('YAML: a suggested key is taken', async () => {
    const { document } = await written('typed.yaml', 'worker:\n  rollout:\n    n: 4\ndata:\n  seed: 1\n|');
    await suggested('algorithm.adv_est', 'algorithm.adv_estimator');
    await until({
      what: 'the key',
      ask: textOf(document),
      enough: (text) => text.includes('algorithm.adv_estimator: '),
    });
  });

  it('shell: a misspelt flag is mended by its quick fix', async () => {
    const { document } = await written(
      'typed.sh',
      'swift rlhf --rlhf_type grpo --model m --dataset d --reward_funcs accuracy --num_|\n',
    );
    const page = await window();
    await page.keyboard.type('generatoins 8');
    await until({ what: 'what was typed', ask: textOf(document), enough: (text) => text.includes('generatoins 8') });
    await rules(document, (found) => found.includes('unknown-key'));
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row', { hasText: 'Change to num_generations' }).first().waitFor();
    await screenshot('config-fix');
    await page.keyboard.press('Enter');
    await until({
      what: 'the mended flag',
      ask: textOf(document),
      enough: (text) => text.includes('--num_generations 8'),
    });
    await rules(document, (found) => !found.includes('unknown-key'));
  });

  itInCi('shell: another version is chosen from the status bar, and judges', async () => {
    await vscode.workspace.getConfiguration().update('grpoLens.config.version', undefined);
    const { document } = await written('versions.sh', 'trl grpo --max_prompt_length 512|\n');
    await rules(document, (found) => found.includes('removed-key'));
    const page = await window();
    await page.locator('#grpo-lens\\.grpo-lens\\.grpoLens\\.version', { hasText: 'TRL' }).first().click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Pin a version' }).first().click();
    const input = page.locator('.quick-input-widget input').first();
    await input.fill('trl=0.20.0');
    await input.press('Enter');
    await rules(document, (found) => !found.includes('removed-key'));
    await page.locator('.statusbar-item', { hasText: 'TRL 0.20.0 (pinned)' }).first().waitFor();
    await vscode.workspace.getConfiguration().update('grpoLens.config.version', undefined);
  });

  itInCi('Python: a suggested keyword is taken', async () => {
    const { document } = await written('typed.py', 'from trl import GRPOConfig\n\nargs = GRPOConfig(beta=0.1, |)\n');
    await suggested('max_compl', 'max_completion_length');
    await until({
      what: 'the keyword',
      ask: textOf(document),
      enough: (text) => text.includes('max_completion_length='),
    });
  });

  itInCi('Markdown: the command in a block of code is judged', async () => {
    const text = 'Train it:\n\n```bash\nswift rlhf --rlhf_type grpo --model m --dataset d --num_generatons 8\n```\n|';
    const { document } = await written('typed.md', text);
    await rules(document, (found) => found.includes('unknown-key'));
  });

  itInCi('a notebook cell: a suggested flag is taken, a wrong one is marked', async () => {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '!trl grpo --lozz_type dapo ', 'python');
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData([cell]));
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    await rules(document, (found) => found.includes('unknown-key'));
    await vscode.commands.executeCommand('notebook.cell.edit');
    const page = await window();
    await page.keyboard.press('Control+End');
    await suggested('--num_gen', '--num_generations');
    await until({ what: 'the flag', ask: textOf(document), enough: (text) => text.includes('--num_generations ') });
  });
});

/** Where the name at a place is used, as `file:line`; each of `expected` is among them. */
async function references(
  document: vscode.TextDocument,
  at: vscode.Position,
  expected: readonly string[],
): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.Location[]>(
    'vscode.executeReferenceProvider',
    document.uri,
    at,
  );
  const places = found.map(({ uri, range }) => `${uri.path.split('/').at(-1)}:${range.start.line}`);
  assert.ok(
    expected.every((one) => places.includes(one)),
    places.join(),
  );
  return places;
}

describe('around a configuration', () => {
  const script =
    'MODEL=Qwen/Qwen2.5-VL-3B-Instruct\nswift rlhf --rlhf_type grpo --model $MODEL --dataset d --external_plugins plugin.py \\\n  --reward_funcs clevr_count --beta 0.1 --beta 0.2 --num_generations 8\n|';

  it('goes to a reward, tells the outline, what wins, and the memory', async () => {
    const { document } = await written('swift-clevr/around.sh', script);
    const place = (text: string): vscode.Position => document.positionAt(document.getText().indexOf(text) + 2);
    const found = await until({
      what: 'the definition',
      ask: async () =>
        vscode.commands.executeCommand<(vscode.Location & vscode.LocationLink)[]>(
          'vscode.executeDefinitionProvider',
          document.uri,
          place('clevr_count'),
        ),
      enough: (all) => all.length > 0,
    });
    assert.match(String((found[0]?.uri ?? found[0]?.targetUri)?.path), /swift-clevr\/plugin\.py$/);
    const uses = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      place('clevr_count'),
    );
    const files = uses.map(({ uri }) => uri.path.split('/').at(-1));
    assert.ok(files.includes('plugin.py') && files.includes('around.sh') && files.includes('train.sh'), files.join());
    await references(document, place('$MODEL'), ['around.sh:0', 'around.sh:1']);
    await references(document, new vscode.Position(0, 2), ['around.sh:0', 'around.sh:1']);
    const parameter = await references(document, place('--num_generations'), ['around.sh:2']);
    assert.ok(
      parameter.some((one) => one.startsWith('train.sh:')),
      parameter.join(),
    );
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(
      symbols.some(({ name, children }) => name === 'swift rlhf' && children.length > 5),
      JSON.stringify(symbols.map(({ name }) => name)),
    );
    const whole = new vscode.Range(0, 0, 9, 0);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole,
    );
    assert.ok(
      hints.some(({ label }) => label === '↓ 0.2 wins'),
      JSON.stringify(hints.map(({ label }) => label)),
    );
    const page = await window();
    await page.locator('.codelens-decoration:visible', { hasText: "of the H200's 141 GB" }).first().waitFor();
    await screenshot('config-around');
    const settings = vscode.workspace.getConfiguration('grpoLens.config');
    await settings.update('gpu', 'H100', vscode.ConfigurationTarget.Global);
    await page.locator('.codelens-decoration:visible', { hasText: "of the H100's 80 GB" }).first().waitFor();
    await settings.update('gpu', undefined, vscode.ConfigurationTarget.Global);
  });

  itInCi('tells what the completions of its own run say about a limit', async () => {
    const { document } = await written(
      'trl-count/again.py',
      'from trl import GRPOConfig\nGRPOConfig(output_dir="output", num_generations=8, max_completion_length=8)\n|',
    );
    await until({
      what: 'the lens',
      ask: async () => {
        const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
        );
        return all.map(({ command }) => command?.title ?? '');
      },
      enough: (titles) => titles.some((title) => /would cut \d+ %/.test(title)),
    });
  });

  it('shows the composed configuration as the text is now, each time that it is asked for', async () => {
    const editor = await written('swift-clevr/composed.sh', script);
    const composed = async (beta: string): Promise<void> => {
      await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
      await vscode.commands.executeCommand('grpoLens.showComposed');
      const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'grpo-composed');
      assert.ok(shown);
      const enough = (text: string): boolean => text.includes(`beta: ${beta}`);
      await until({ what: `beta ${beta}`, ask: textOf(shown.document), enough });
    };
    await composed('0.2');
    await replace(editor, '--beta 0.2', '--beta 0.3');
    await composed('0.3');
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** The two texts of the comparison with what the box's row of this text stands for: theirs, ours. */
  async function compared(typed: string): Promise<[string, string, vscode.TabInputTextDiff]> {
    const page = await window();
    const done = vscode.commands.executeCommand('grpoLens.compareComposed');
    await page.getByText('Compare with which script or run?').first().waitFor();
    await page.locator('.quick-input-widget input').first().fill(typed);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: typed }).first().click();
    await done;
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const text = async (uri: vscode.Uri): Promise<string> => (await vscode.workspace.openTextDocument(uri)).getText();
    return [await text(input.original), await text(input.modified), input];
  }

  it('compares the composed configuration with that of another script, and with a past run', async () => {
    await written('swift-clevr/compared.sh', `${script.replace('0.2', '0.3')}`);
    const [theirs, ours, input] = await compared('swift-clevr/train.sh');
    assert.match(ours, /^# ms-swift .*\nbeta: 0\.3\n[\s\S]*\nnum_generations: 8\n/);
    assert.match(theirs, /^# ms-swift .*\n[\s\S]*\nnum_generations: \d+\n/);
    assert.doesNotMatch(theirs, /\nbeta: 0\.3\n/);
    assert.deepEqual(vscode.languages.getDiagnostics(input.modified), []);
    await screenshot('config-compared');
    await pastRun('clevr before', { beta: 0.3, num_generations: 4, model: 'Qwen/Qwen2.5-VL-3B-Instruct' });
    await written('swift-clevr/compared.sh', `${script.replace('0.2', '0.3')}`);
    const [past, now] = await compared('clevr before');
    assert.match(past, /^# clevr before, as composed at its start\nbeta: 0\.3\nmodel: .*\nnum_generations: 4$/);
    const lines = now.split('\n');
    assert.deepEqual(
      past.split('\n').filter((line) => lines.includes(line)),
      ['beta: 0.3', 'model: "Qwen/Qwen2.5-VL-3B-Instruct"'],
    );
    await screenshot('config-compared-run');
  });
});

/** A run that ended before a reboot, of a script that holds nothing by now. */
async function pastRun(name: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const home = vscode.Uri.file(process.env.GRPO_LENS_HOME ?? '');
  const folder = vscode.Uri.joinPath(home, 'runs', '20260101-000000-clevr-before-0001');
  const own = { form: 1, name, framework: 'own', command: ['gone.sh'], cwd: '/', env: {}, secrets: [], settings };
  const program = { pid: 1, start: '1', boot: 'another' };
  const files = {
    'launch.json': JSON.stringify({ ...own, target: 'here', inputs: [], createdAt: 1 }),
    'attempts/1/handle': JSON.stringify({ how: 'setsid', host: 'x', at: 1, watcher: program, program }),
    'attempts/1/exit': '0\n',
    'attempts/1/script.sh': 'exec true\n',
    'attempts/1/log.txt': '',
  };
  for (const [path, text] of Object.entries(files))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), Buffer.from(text));
  await vscode.commands.executeCommand('grpoLens.refreshRuns');
}
