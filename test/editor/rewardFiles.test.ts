import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { watchTurns } from './support/blocked';
import { itInCi } from './support/inCi';
import { screenshot } from './support/screenshot';
import { lensThat, lensTitles, replace, until } from './support/texts';
import { drawnValues } from './support/drawn';
import { openFile, shownPage, window } from './support/window';

const SAMPLES = [
  { prompt: 'How many?', completion: 'Two, so <answer>2</answer>', solution: '2' },
  { prompt: 'How many?', completion: 'Three.', solution: '3' },
];
const SCRIPT =
  'swift rlhf --rlhf_type grpo --external_plugins rewards/plugin.py --reward_funcs counted format \\\n  --reward_weights 1\n';
const WEIGHED =
  'swift rlhf --rlhf_type grpo --external_plugins plugin.py --reward_funcs counted \\\n  --reward_weights 0.5\n';
const PLUGIN = `from swift.rewards import ORM, orms
from common.text import answer_of


class Counted(ORM):
    def __call__(self, completions, solution, **kwargs):
        return [float(answer_of(c) == s) for c, s in zip(completions, solution)]


orms['counted'] = Counted
`;
const COMMON = `import re


def answer_of(text):
    found = re.search(r'<answer>(.*?)</answer>', text)
    return found.group(1) if found else None
`;
const JUDGE = `import subprocess


def judged(completions, **kwargs):
    return [0.5 for c in completions]
`;
const LINES = `import re


def lines_reward(completions, solution, **kwargs):
    rewards = []
    for completion, truth in zip(completions, solution):
        found = re.search(r'<answer>(.*?)</answer>', completion)
        rewards.append(1.0 if found and found.group(1).strip() == truth else 0.0)
    return rewards
`;
const MOST = `def most_reward(completions, **kwargs):
    most = max(float(c) for c in completions)
    return [1.0 if float(c) == most else 0.0 for c in completions]
`;
const DATA = `def to_messages(example):
    question = example['question'].strip()
    return {'messages': [{'role': 'user', 'content': question}], 'solution': example['answer']}
`;

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  for (const [name, text] of Object.entries(files))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'made-up', name), Buffer.from(text));
}

function findings({ document }: vscode.TextEditor): string[] {
  return vscode.languages.getDiagnostics(document.uri).map(({ code, message }) => `${String(code)}: ${message}`);
}

describe('reward files as people keep them', () => {
  before(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const lines = SAMPLES.map((sample) => JSON.stringify(sample)).join('\n');
    await write({
      'pyproject.toml': '',
      'train.sh': SCRIPT,
      'common/text.py': COMMON,
      'rewards/plugin.py': PLUGIN,
      'rewards/judge.py': JUDGE,
      'rewards/samples.jsonl': lines,
      'lines/lines.py': LINES,
      'lines/samples.jsonl': ['<answer>2</answer>', '<answer>\n2\n</answer>']
        .map((completion) => JSON.stringify({ prompt: 'How many?', completion, solution: '2' }))
        .join('\n'),
      'weights/train.sh': WEIGHED,
      'weights/plugin.py': PLUGIN.replace('common.text', 'text'),
      'weights/text.py': COMMON,
      'weights/samples.jsonl': SAMPLES.map((sample) => JSON.stringify({ ...sample, group: 'q' })).join('\n'),
      'batch/most.py': MOST,
      'batch/samples.jsonl': ['1', '3', '2'].map((completion) => JSON.stringify({ prompt: '', completion })).join('\n'),
      'typed/long.py': 'def long_reward(completions, **kwargs):\n    return [float(len(c)) for c in completions]\n',
      'prepare/rows.py': DATA,
      'prepare/train.jsonl': `${JSON.stringify({ question: ' How many? ', answer: '2' })}\n${JSON.stringify({ question: 'And now?' })}\n`,
    });
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('says which path and which weights training needs, and writes the path into its script', async () => {
    const editor = await openFile('made-up/rewards/plugin.py');
    await lensThat(editor, (title) => title.startsWith('mean 0.5'));
    const said = await until({
      what: 'findings',
      ask: () => Promise.resolve(findings(editor)),
      enough: (all) => all.length > 1,
    });
    assert.ok(
      said.some((text) => /^needs-path: Training finds common only if .*made-up is on PYTHONPATH\.$/.test(text)),
      said.join('\n'),
    );
    assert.ok(said.includes('weights: ../train.sh gives 1 weight for 2 rewards: give one for each.'), said.join('\n'));
    const line = new vscode.Range(1, 0, 1, 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      editor.document.uri,
      line,
    );
    const exported = actions.find(({ title }) => title === 'Export PYTHONPATH in train.sh');
    assert.ok(exported?.edit, actions.map(({ title }) => title).join('\n'));
    await vscode.workspace.applyEdit(exported.edit);
    const script = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(editor.document.uri, '../../train.sh'));
    assert.match(script.getText(), /^export PYTHONPATH="\$PWD\$\{PYTHONPATH:\+:\$PYTHONPATH\}"\n/);
    await vscode.window.showTextDocument(editor.document);
    await screenshot('contract');
    await vscode.window.showTextDocument(script);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('asks once before it runs what can start other processes', async () => {
    const editor = await openFile('made-up/rewards/judge.py');
    const asked = await lensThat(editor, (title) => title.includes('this code can reach other processes'));
    assert.ok(!asked.some((title) => title.startsWith('mean')), asked.join('\n'));
    await screenshot('asked');
    await vscode.commands.executeCommand('grpoLens.mayRun', editor.document.fileName, 'once');
    await lensThat(editor, (title) => title.startsWith('mean 0.5'));
    await replace(editor, '0.5', '0.25');
    await lensThat(editor, (title) => title.startsWith('(before this edit) mean 0.5'));
    await vscode.commands.executeCommand('grpoLens.mayRun', editor.document.fileName, 'always');
    await lensThat(editor, (title) => title.startsWith('mean 0.25'));
    await replace(editor, '0.25', '0.5');
    const titles = await lensThat(editor, (title) => title.startsWith('mean 0.5'));
    assert.ok(!titles.some((title) => title.includes('can reach')), titles.join('\n'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('a fix that is typed changes the lens, the values beside the lines and the flips', async () => {
    const editor = await openFile('made-up/lines/lines.py');
    await lensThat(editor, (title) => title.startsWith('mean 0.5'));
    await vscode.commands.executeCommand('grpoLens.worstSample', editor.document.fileName, 'lines_reward');
    await lensThat(editor, (title) => title === 'sample 1 = 0');
    await until({ what: 'the stop', ask: drawnValues, enough: (drawn) => drawn.includes('DOTALL') });
    await screenshot('regex-stop');
    const call = editor.document.lineAt(6);
    const end = new vscode.Position(6, call.text.lastIndexOf(')'));
    editor.selection = new vscode.Selection(end, end);
    const turns = watchTurns();
    for (const letter of ', re.DOTALL') await vscode.commands.executeCommand('type', { text: letter });
    await lensThat(editor, (title) => title.startsWith('mean 1 '));
    const { p99 } = turns();
    assert.ok(
      p99 < 16,
      `the extension host worked ${p99.toFixed(1)} ms without a pause (p99) while letters were typed`,
    );
    await lensThat(editor, (title) => title === 'flips 1 of 2 against the text as it was opened (1 × 0 → 1)');
    await lensThat(editor, (title) => title === 'sample 1 = 1');
    const values = await until({ what: 'the match', ask: drawnValues, enough: (drawn) => drawn.includes('<re.Match') });
    assert.ok(!values.includes('DOTALL'), values);
    await screenshot('regex-fixed');
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('follows a sample through its batch, where its score depends on the others', async () => {
    const editor = await openFile('made-up/batch/most.py');
    await lensThat(editor, (title) => title === '⚠ depends on the batch: 2 of 3 scores change, e.g. sample 0: 0 → 1');
    await lensThat(editor, (title) => title === 'sample 0 = 0');
    await until({ what: 'the batch', ask: drawnValues, enough: (drawn) => drawn.includes('most = 3.0 · whole batch') });
    await screenshot('whole-batch');
  });

  itInCi('writes weights that were tried with a slider into the script that trains', async () => {
    const editor = await openFile('made-up/weights/plugin.py');
    await lensThat(editor, (title) => title.startsWith('mean 0.5'));
    await vscode.commands.executeCommand('grpoLens.showPressure', editor.document.fileName, 'Counted');
    const page = await shownPage();
    const slider = page.getByLabel('Weight of Counted');
    await slider.waitFor();
    assert.equal(await slider.inputValue(), '0.5');
    await slider.fill('1.25');
    await page.getByText('Write to train.sh').click();
    await page.getByText('Weights 1.25 written to train.sh.').waitFor();
    await screenshot('weights-written');
    const script = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(editor.document.uri, '../train.sh'));
    assert.equal(script.getText(), WEIGHED.replace('0.5', '1.25'));
    assert.equal(script.isDirty, false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  itInCi('scores completions that are typed by hand, while they are typed', async () => {
    const editor = await openFile('made-up/typed/long.py');
    await lensThat(editor, (title) => title.startsWith('No samples'));
    void vscode.commands.executeCommand('grpoLens.chooseSamples', editor.document.fileName);
    const page = await window();
    await page.locator('.quick-input-widget input').first().fill('by hand');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Type completions by hand' }).first().click();
    const typed = await until({
      what: 'the playground',
      ask: () =>
        Promise.resolve(
          vscode.window.visibleTextEditors.find((one) => one.document.fileName.endsWith('long.playground.jsonl')),
        ),
      enough: (one) => one !== undefined,
    });
    assert.ok(typed);
    await lensThat(editor, (title) => title === 'mean 21 · 100% 21 · 1 sample');
    await replace(typed, 'What the model writes', 'Short');
    await lensThat(editor, (title) => title === 'mean 5 · 100% 5 · 1 sample');
    await screenshot('playground');
  });

  it('puts rows of the data set through a function, beside the code', async () => {
    const editor = await openFile('made-up/prepare/rows.py');
    await lensThat(editor, (title) => title === 'row 0: adds messages, solution · drops question, answer');
    await until({ what: 'the values', ask: drawnValues, enough: (drawn) => drawn.includes("question = 'How many?'") });
    await vscode.commands.executeCommand('grpoLens.showRow', editor.document.fileName, 'to_messages');
    await until({
      what: 'the comparison',
      ask: () => Promise.resolve(vscode.workspace.textDocuments.map((open) => open.getText())),
      enough: (texts) => texts.some((text) => text.includes('"content": "How many?"')),
    });
    await screenshot('rows');
    await vscode.commands.executeCommand('grpoLens.nextRow', editor.document.fileName, 'to_messages', 1);
    await lensThat(editor, (title) => title === "row 1: $(error) KeyError: 'answer' (line 3)");
    await vscode.commands.executeCommand('grpoLens.nextRow', editor.document.fileName, 'to_messages', 1);
    await lensThat(editor, (title) => title.includes('has no row 2'));
    assert.ok((await lensTitles(editor)).some((title) => title.endsWith('train.jsonl')));
  });
});
