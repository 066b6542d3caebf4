import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

import type { Look } from '../../support/looks';

export type Theme = Look;

const KINDS = { light: 'vscode-light', dark: 'vscode-dark', contrast: 'vscode-high-contrast' } as const;

/** A colour of the theme, by the name that extensions know it by: `charts-blue`. */
export function colourOf(theme: Theme, name: string): string | undefined {
  return appearance(theme).variables[`--vscode-${name}`];
}

/** What VS Code 1.139 sets on the document of a webview: its colours (read from a real one), classes, default styles. */
export function appearance(theme: Theme): { variables: Record<string, string>; kind: string; defaults: string } {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
  const variables = JSON.parse(read(`./themes/${theme}.json`)) as Record<string, string>;
  return { variables, kind: KINDS[theme], defaults: read('./defaults.css') };
}

/** Gives every document of this page the theme before its scripts run. */
export async function startTheme(page: Page, theme: Theme): Promise<void> {
  await page.addInitScript(`(${put.toString()})(${JSON.stringify(appearance(theme))})`);
}

/** Changes the theme of an open page, as VS Code does: variables and classes, no message. */
export async function changeTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(`(${put.toString()})(${JSON.stringify(appearance(theme))})`);
}

/** Runs in the page. */
function put(look: { variables: Record<string, string>; kind: string; defaults: string }): void {
  const apply = (): void => {
    for (const [name, value] of Object.entries(look.variables)) document.documentElement.style.setProperty(name, value);
    document.body.classList.remove('vscode-light', 'vscode-dark', 'vscode-high-contrast');
    document.body.classList.add(look.kind);
    document.body.dataset.vscodeThemeKind = look.kind;
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look.defaults);
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
  if (document.body) return apply();
  const observer = new MutationObserver(() => {
    if (!document.body) return;
    observer.disconnect();
    apply();
  });
  observer.observe(document, { childList: true, subtree: true });
}
