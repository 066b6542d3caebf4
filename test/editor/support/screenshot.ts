import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { window } from './window';

const THEMES = [
  { name: 'light', id: 'Default Light Modern', workbench: '.monaco-workbench.vs' },
  { name: 'dark', id: 'Default Dark Modern', workbench: '.monaco-workbench.vs-dark' },
  { name: 'contrast', id: 'Default High Contrast', workbench: '.monaco-workbench.hc-black' },
] as const;

/** Pictures of the window in three themes: `.build/screenshots/<name>-<theme>.png`. Ends in the dark theme. */
export async function screenshot(name: string): Promise<void> {
  const folder = path.join(process.env.GRPO_LENS_ROOT ?? '.', '.build', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const theme of [THEMES[0], THEMES[2], THEMES[1]]) {
    await show(theme);
    await (await window()).screenshot({ path: path.join(folder, `${name}-${theme.name}.png`) });
  }
}

async function show(theme: (typeof THEMES)[number]): Promise<void> {
  const page = await window();
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme.id, vscode.ConfigurationTarget.Global);
  await page.locator(theme.workbench).first().waitFor();
  // Pages of ours follow the theme by a message and draw their charts anew; there is no event that says when they have.
  await page.waitForTimeout(250);
}
