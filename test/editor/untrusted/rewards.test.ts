import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { screenshot } from '../support/screenshot';
import { hoverOver, lensThat } from '../support/texts';
import { openFile } from '../support/window';

/** Command lines of every process below this extension host. */
function children(): string {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
}

describe('a workspace that is not trusted', () => {
  it('says so above each reward and runs no Python', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const editor = await openFile('trl-count/rewards.py');
    const titles = await lensThat(editor, () => true);
    assert.equal(titles.length, 2);
    for (const title of titles) assert.match(title, /not trusted/);
    assert.doesNotMatch(children(), /from grpo_lens/);
    await screenshot('untrusted');
  });

  it('still explains parameters', async () => {
    const editor = await openFile('swift-clevr/train.sh');
    const text = await hoverOver(editor, '--num_generations');
    assert.match(text, /num_generations/);
  });
});
