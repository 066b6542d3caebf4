import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from '../../editor/support/screenshot';
import { until } from '../../editor/support/texts';

const CONFIG = 'data:\n  train_files: d\n  seed: 1\n  seed: 2\nworker:\n  rollout:\n    nn: 4\nalgorithm: [1\n';

/** `source rule-or-message line` of every finding of a file with this text. */
async function said(name: string, text: string, enough: (all: string[]) => boolean): Promise<string[]> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  await vscode.window.showTextDocument(uri);
  const ask = (): Promise<string[]> =>
    Promise.resolve(
      vscode.languages
        .getDiagnostics(uri)
        .map(({ source, code, message, range }) => `${source} ${String(code || message)} ${range.start.line}`),
    );
  return until({ what: 'the findings', ask, enough });
}

describe('beside a language server for YAML', () => {
  it('says nothing twice, and goes on saying what only GRPO Lens knows', async () => {
    const broken = await said('beside-broken.yaml', CONFIG, (all) => all.some((one) => one.startsWith('YAML ')));
    const twice = broken.filter((one) => /^GRPO Lens (syntax|duplicate-key)/.test(one));
    assert.deepEqual(twice, [], broken.join('\n'));
    await screenshot('yaml-beside');
    const told = await said(
      'beside.yaml',
      CONFIG.replace('algorithm: [1\n', ''),
      (all) => all.some((one) => one.startsWith('YAML ')) && all.some((one) => one.startsWith('GRPO Lens ')),
    );
    assert.ok(told.includes('GRPO Lens unknown-key 6'), told.join('\n'));
    const theirs = told.filter((one) => one.startsWith('YAML ')).map((one) => one.split(' ').at(-1));
    const doubled = told.filter((one) => one.startsWith('GRPO Lens ') && theirs.includes(one.split(' ').at(-1)));
    assert.deepEqual(doubled, [], told.join('\n'));
  });
});
