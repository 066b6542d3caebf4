import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { window } from './window';

/** A script in `examples/tiny-count` that trains the tiny trainer with such arguments. */
export async function tinyScript(name: string, more: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder);
  const tiny = `${process.env.GRPO_LENS_ROOT ?? ''}/python/grpo_lens/tiny`;
  const words = `--reward rewards.py:accuracy_reward --num_generations 8 --output_dir ${name}-output ${more}`;
  const script = vscode.Uri.joinPath(folder, 'tiny-count', name);
  await vscode.workspace.fs.writeFile(script, Buffer.from(`exec python3 '${tiny}' ${words}\n`));
  return script;
}

/** Waits for the row of the pick that is asked, takes it, and lets the command come to its end. */
export async function agreeTo(command: Thenable<unknown>, row: string): Promise<void> {
  const page = await window();
  await page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().waitFor();
  // Pressed in the box itself: the page of a run that opens meanwhile takes the focus.
  await page.locator('.quick-input-widget .quick-input-box input').first().press('Enter');
  await command;
}
