import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import * as vscode from 'vscode';

const EXTENSION = 'grpo-lens.grpo-lens';
let joined: Promise<Browser> | undefined;

/** The window around this extension host, to be looked at and typed into. */
export async function window(): Promise<Page> {
  joined ??= chromium.connectOverCDP(process.env.VSCODE_TEST_CDP ?? '');
  const browser = await joined;
  const pages = browser.contexts().flatMap((context) => context.pages());
  const page = pages.find((candidate) => /^(http:\/\/lens\.localhost|vscode-file:)/.test(candidate.url()));
  if (!page) throw new Error(`No window of VS Code among ${pages.map((candidate) => candidate.url()).join(', ')}`);
  page.setDefaultTimeout(15_000);
  await page.locator('.monaco-workbench').waitFor();
  return page;
}

/** The content of the page of ours that is shown now. */
export async function shownPage(): Promise<FrameLocator> {
  const page = await window();
  const outer = page.locator(`iframe.webview.ready[src*="extensionId=${EXTENSION}"]:visible`).first();
  return outer.contentFrame().frameLocator('#active-frame');
}

/** The lenses above the lines of the editor that is shown. */
export async function lenses(): Promise<Locator> {
  return (await window()).locator('.editor-instance .codelens-decoration:visible');
}

/** Opens a file of the workspace, by its path in `examples/`. */
export async function openFile(path: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('The window shows no folder.');
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path));
}

/** How many tabs of a kind are open. */
export function tabsOf(kind: typeof vscode.TabInputText | typeof vscode.TabInputNotebook): number {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof kind).length;
}
