import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Runs } from '../../src/machine/runs/runs';
import { Targets } from '../../src/machine/hosts/targets';
import { png } from '../support/media';
import { farHost, type FarHost } from './support/farHost';
import { itInCi } from './support/inCi';
import { agreeTo } from './support/launching';
import { screenshot } from './support/screenshot';
import { until } from './support/texts';
import { shownPage, window } from './support/window';

const YAML = 'model_name_or_path: m\noutput_dir: out\nnum_generations: 8\nloss_type: grpo\nreward_funcs: [accuracy]\n';

describe('trainings started here and on another host', () => {
  let far: FarHost;
  before(async () => {
    far = await farHost();
  });
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => far.remove());

  it('a configuration on another host: copied there, followed, and its completions are shown here', async () => {
    const launched = vscode.commands.executeCommand('grpoLens.launch', (await written('far.yaml', YAML)).fsPath);
    await choose('Where shall it run?', 'far');
    await typed('Folder on far', far.work);
    await agreeTo(launched, 'Start on far');
    await ended('step 4 of 4');
    const plot = (await shownPage()).locator('figure[aria-label="Reward"] .plot');
    await plot.locator('svg .mark-line path').first().waitFor();
    await plot.click();
    const opened = (): Promise<string> =>
      Promise.resolve(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '');
    await until({ what: 'their page', ask: opened, enough: (label) => /^Completions: .* on far$/.test(label) });
    await (await shownPage()).getByRole('row').filter({ hasText: 'answer' }).first().waitFor();
  });

  it('a new project knows where it will train, and what is launched from such a folder is offered that first', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'grpo-'));
    const made = vscode.commands.executeCommand('grpoLens.newProject', undefined, parent);
    await choose('New project', 'Counting with ms-swift');
    await choose('Where shall it run?', 'far');
    await made;
    const kept: unknown = JSON.parse(readFileSync(join(parent, 'swift-clevr', '.vscode', 'settings.json'), 'utf8'));
    assert.deepEqual(kept, { 'grpoLens.config.installedOn': 'far' });
    rmSync(parent, { recursive: true });
    const settings = vscode.workspace.getConfiguration();
    await settings.update('grpoLens.config.installedOn', 'far', vscode.ConfigurationTarget.Workspace);
    const launched = vscode.commands.executeCommand('grpoLens.launch', (await written('far.yaml', YAML)).fsPath);
    const page = await window();
    await page.locator('.quick-input-title', { hasText: 'Where shall it run?' }).waitFor();
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: /^far/ }).waitFor();
    await page.keyboard.press('Escape');
    await launched;
    await settings.update('grpoLens.config.installedOn', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('a window on that host: that this editor, which is in a browser, opens none is said plainly', async () => {
    await vscode.commands.executeCommand('grpoLens.openHost', 'far');
    const page = await window();
    await page.locator('.notification-list-item', { hasText: 'An editor in a browser opens no window' }).waitFor();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('a host that is a target already keeps its settings when it is added again', async () => {
    const file = join(process.env.GRPO_LENS_HOME ?? '', 'targets.json');
    const before = readFileSync(file, 'utf8');
    put(file, before.replace('"far":', '"lens":'));
    const kept = readFileSync(file, 'utf8');
    const added = vscode.commands.executeCommand<string>('grpoLens.addTarget');
    await choose('Which host of your ssh settings?', 'lens');
    assert.equal(await added, 'lens');
    assert.equal(readFileSync(file, 'utf8'), kept);
    put(file, before);
  });

  it('a file of targets that cannot be understood is said where the runs are looked at', async () => {
    const file = join(process.env.GRPO_LENS_HOME ?? '', 'targets.json');
    const before = readFileSync(file, 'utf8');
    await vscode.commands.executeCommand('workbench.view.explorer');
    put(file, '{');
    await vscode.commands.executeCommand('grpoLens.runs.focus');
    const page = await window();
    await page.locator('.notification-list-item', { hasText: 'targets.json could not be understood' }).waitFor();
    await page.locator('.notification-list-item').getByText('Edit Targets').click();
    await until({
      what: 'the file',
      ask: () => Promise.resolve(vscode.window.activeTextEditor?.document.fileName),
      enough: (name) => name === file,
    });
    put(file, before);
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  itInCi(
    'a recipe over the folders of another host: the first records as it is written, then all of them',
    async () => {
      mkdirSync(join(far.work, 'maze'), { recursive: true });
      writeFileSync(join(far.work, 'maze/data.json'), JSON.stringify([{ image: 'a.png', path: [1, 5] }]));
      writeFileSync(join(far.work, 'maze/a.png'), png(64, 48));
      const recipe = {
        output: 'mazes.jsonl',
        parts: [{ read: 'maze/data.json', prompt: 'Which way?', images: '{image}' }],
      };
      const file = await written('prepare.json', JSON.stringify({ ...recipe, data_root: far.work }));
      await vscode.commands.executeCommand('grpoLens.prepareDataset', file);
      const form = await shownPage();
      await form.locator('vscode-dropdown[aria-label="Where the data lies"]').click();
      await form.locator('vscode-option', { hasText: 'far' }).click();
      const shown = form.locator('.preview article');
      await shown.filter({ hasText: 'Which way?' }).waitFor();
      assert.equal(await shown.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth), 64);
      await form.locator('textarea[aria-label=Prompt]').fill('{path}: which way?');
      await shown.filter({ hasText: '[1, 5]: which way?' }).waitFor();
      await screenshot('prepare-far');
      await vscode.commands.executeCommand('notifications.clearAll');
      await form.getByText('Make the data set…').click();
      await typed('Folder on far', far.work);
      await agreeTo(Promise.resolve(), 'Start on far');
      const told = (await window()).locator('.notifications-center .notification-list-item', {
        hasText: '1 records are in',
      });
      // VS Code shows only so many at once beside each other.
      const listed = async (): Promise<number> => {
        await vscode.commands.executeCommand('notifications.showList');
        return told.getByText('Browse Dataset').count();
      };
      await until({ what: 'its end', ask: listed, enough: (count) => count > 0 });
      assert.match(readFileSync(join(far.work, 'mazes.jsonl'), 'utf8'), /\[1, 5\]: which way\?/);
      await told.getByText('Browse Dataset').click();
      const made = (await shownPage()).locator('table.records');
      await made.filter({ hasText: '[1, 5]: which way?' }).waitFor();
      assert.equal(await made.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth), 64);
      await vscode.commands.executeCommand('notifications.clearAll');
    },
  );

  itInCi('a Python file on another host, with the module beside it that it imports', async () => {
    await written('beside_it.py', 'def loss():\n    return 0.5\n');
    const text =
      'def never():\n    import requests\nfrom beside_it import loss\nprint({"loss": loss(), "reward": 1.0, "epoch": 0.1})\n';
    const launched = vscode.commands.executeCommand('grpoLens.launch', (await written('far_train.py', text)).fsPath);
    await choose('Where shall it run?', 'far');
    await typed('Folder on far', far.work);
    const page = await window();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'far_train.py:2: requests speaks' }).waitFor();
    await agreeTo(launched, 'Start on far');
    await ended('far_train.py');
  });

  itInCi('a configuration and a Python file here', async () => {
    for (const [name, text] of [
      ['here.yaml', YAML],
      ['here_train.py', 'print({"loss": 0.5, "reward": 1.0, "epoch": 0.1})\n'],
    ] as const) {
      const launched = vscode.commands.executeCommand('grpoLens.launch', (await written(name, text)).fsPath);
      await choose('Where shall it run?', 'here');
      await agreeTo(launched, 'Start here');
      await ended(name);
    }
  });

  itInCi(
    'a run that someone else stops, as another editor would, is stopped on this page too, and that is notified',
    async () => {
      const script = await written('long.sh', 'sleep 60\n');
      const launched = vscode.commands.executeCommand('grpoLens.launch', script.fsPath);
      await choose('Where shall it run?', 'here');
      await agreeTo(launched, 'Start here');
      await shows('running', 'long.sh');
      const other = new Runs(new Targets({ python: join(process.env.GRPO_LENS_ROOT ?? '', 'python') }));
      await other.stop(await other.find('tiny-count/long.sh'), 1);
      other.dispose();
      await shows('stopped', 'long.sh');
      await vscode.commands.executeCommand('grpoLens.refreshRuns');
      await (await window()).locator('.notification-list-item', { hasText: 'long.sh was stopped.' }).waitFor();
      await vscode.commands.executeCommand('notifications.clearAll');
    },
  );

  it('a secret is asked for again in a box that hides it, and is in no file of the run', async () => {
    const script = await written(
      'with_secret.sh',
      'MY_TOKEN=of-the-first-start sh -c \'echo "length ${#MY_TOKEN}"\'\n',
    );
    const before = runIds('with-secret');
    const ours = (): string[] => runIds('with-secret').filter((id) => !before.includes(id));
    const launched = vscode.commands.executeCommand('grpoLens.launch', script.fsPath);
    const page = await window();
    await page.locator('.quick-input-title', { hasText: 'Where shall it run?' }).waitFor();
    await page.locator('.quick-input-widget .quick-input-box input').first().press('Enter');
    await agreeTo(launched, 'Start here');
    await ended('with_secret.sh');
    const again = vscode.commands.executeCommand('grpoLens.runAgain', ours()[0]);
    await page.locator('.quick-input-title', { hasText: 'MY_TOKEN' }).waitFor();
    const box = page.locator('.quick-input-widget input[type=password]');
    assert.equal(await box.count(), 1);
    await box.fill('typed-in-a-box');
    await box.press('Enter');
    await agreeTo(again, 'Start here');
    const ids = await until({
      what: 'the second run',
      ask: () => Promise.resolve(ours()),
      enough: (found) => found.length === 2,
    });
    const logs = (): Promise<string[]> => Promise.resolve(ids.map((id) => filesOf(id).get('attempts/1/log.txt') ?? ''));
    const told = await until({ what: 'both logs', ask: logs, enough: (texts) => texts.every(Boolean) });
    assert.deepEqual(told.sort(), ['length 14\n', 'length 18\n']);
    for (const id of ids)
      for (const [name, text] of filesOf(id)) assert.doesNotMatch(text, /typed-in-a-box|of-the-first-start/, name);
  });

  itInCi('a host that wants a passphrase is used once it was typed in a terminal', async () => {
    await far.lock('open sesame');
    await vscode.commands.executeCommand('grpoLens.runs.focus');
    await vscode.commands.executeCommand('grpoLens.refreshRuns');
    const page = await window();
    const tree = async (): Promise<string> =>
      (await page.locator('.pane-body .monaco-list-row').allTextContents()).join(' | ');
    await until({ what: 'the refusal', ask: tree, enough: (rows) => /locked.*refused the login/.test(rows) });
    await vscode.commands.executeCommand('grpoLens.connectHost', 'locked');
    const terminal = page.locator('.terminal-wrapper.active');
    const shown = async (): Promise<string> => (await terminal.locator('.xterm-rows').textContent()) ?? '';
    await until({ what: 'the question', ask: shown, enough: (text) => text.includes('passphrase') });
    await terminal.locator('textarea.xterm-helper-textarea').focus();
    await page.keyboard.type('open sesame\n');
    await until({ what: 'the login', ask: shown, enough: (text) => text.includes('Logged in') });
    vscode.window.activeTerminal?.dispose();
    await until({ what: 'the host', ask: tree, enough: (rows) => /locked/.test(rows) && !/refused/.test(rows) });
    far.logOut();
  });
});

/** Whole at once, as a reader in the background must find it. */
function put(file: string, text: string): void {
  writeFileSync(`${file}.aside`, text);
  renameSync(`${file}.aside`, file);
}

async function written(name: string, text: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  const file = vscode.Uri.joinPath(folder, 'tiny-count', name);
  await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  return file;
}

async function choose(title: string, row: string): Promise<void> {
  const page = await window();
  await page.locator('.quick-input-title', { hasText: title }).waitFor();
  const found = page.locator('.quick-input-list .monaco-list-row', { hasText: new RegExp(`^${row}`) }).first();
  await found.waitFor();
  await found.click();
}

async function typed(title: string, text: string): Promise<void> {
  const page = await window();
  await page.locator('.quick-input-title', { hasText: title }).waitFor();
  const box = page.locator('.quick-input-widget .quick-input-box input').first();
  await box.fill(text);
  await box.press('Enter');
}

/** Waits until the page that is shown is that of a run that succeeded, and says this. */
const ended = (word: string): Promise<void> => shows('succeeded', word);

async function shows(...words: readonly string[]): Promise<void> {
  const ask = async (): Promise<string> => (await (await shownPage()).locator('body').textContent()) ?? '';
  await until({ what: words.join(', '), ask, enough: (shown) => words.every((word) => shown.includes(word)) });
}

function runIds(word: string): string[] {
  return readdirSync(join(process.env.GRPO_LENS_HOME ?? '', 'runs')).filter((name) => name.includes(word));
}

/** Every file of a run: its path → its text. */
function filesOf(id: string): Map<string, string> {
  const folder = join(process.env.GRPO_LENS_HOME ?? '', 'runs', id);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}
