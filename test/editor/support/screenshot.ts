import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { LOOKS, type Look } from '../../support/looks';
import { window } from './window';

const THEMES = {
  light: { id: 'Default Light Modern', workbench: '.monaco-workbench.vs' },
  dark: { id: 'Default Dark Modern', workbench: '.monaco-workbench.vs-dark' },
  contrast: { id: 'Default High Contrast', workbench: '.monaco-workbench.hc-black' },
} as const;

/** Pictures of the window in each look: `.build/screenshots/<name>-<look>.png`. Ends in the dark one. */
export async function screenshot(name: string): Promise<void> {
  const folder = path.join(process.env.GRPO_LENS_ROOT ?? '.', '.build', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const look of LOOKS) {
    await show(look);
    await (await window()).screenshot({ path: path.join(folder, `${name}-${look}.png`) });
  }
}

async function show(look: Look): Promise<void> {
  const page = await window();
  const theme = THEMES[look];
  if ((await page.locator(theme.workbench).count()) > 0) return;
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme.id, vscode.ConfigurationTarget.Global);
  await page.locator(theme.workbench).first().waitFor();
  // Pages of ours follow the theme by a message and draw their charts anew; there is no event that says when they have.
  await page.waitForTimeout(250);
}
