import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { screenshot } from '../support/screenshot';
import { hoverOver, lensThat } from '../support/texts';
import { openFile } from '../support/window';

/** Command lines of every process below this extension host, not those of other tests' windows. */
function children(): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const rows = lines.flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const below = new Set([process.pid]);
  for (let before = 0; before < below.size;) {
    before = below.size;
    for (const { pid, parent } of rows) if (below.has(parent)) below.add(pid);
  }
  return rows.filter(({ pid }) => below.has(pid)).map(({ args }) => args);
}

describe('a workspace that is not trusted', () => {
  it('says so above each reward and runs no Python', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const editor = await openFile('trl-count/rewards.py');
    const titles = await lensThat(editor, () => true);
    assert.equal(titles.length, 2);
    for (const title of titles) assert.match(title, /not trusted/);
    const processes = children();
    assert.ok(processes.length > 1, 'at least this host and the program that lists processes');
    assert.doesNotMatch(processes.join('\n'), /grpo_lens/);
    await screenshot('untrusted');
  });

  it('still explains parameters', async () => {
    const editor = await openFile('swift-clevr/train.sh');
    const text = await hoverOver(editor, '--num_generations');
    assert.match(text, /num_generations/);
  });
});
