import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { Emitter } from '../../../src/base/event';
import { policy } from '../../../src/wire/policy';
import { eachSession, type Channel } from '../../../src/wire/session';
import type { Port } from '../../../src/wire/wire';

/** A page of ours in Chromium, under its true policy, with the editor's side in this process. */
export interface Stage {
  readonly page: Page;
  /** Everything that went wrong in the page: errors and what the policy forbade. */
  readonly wrongs: string[];
  close(): Promise<void>;
}

export type ThemeName = 'light' | 'dark' | 'contrast';

const ORIGIN = 'https://page.test';

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
}

/** Opens a built bundle; `start` gets a port for each life of the page. */
export async function stage(
  browser: Browser,
  bundle: string,
  start: (port: Port) => void,
  theme: ThemeName = 'dark',
): Promise<Stage> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  const wrongs: string[] = [];
  page.on('pageerror', (error) => wrongs.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') wrongs.push(message.text());
  });
  await page.route(`${ORIGIN}/**`, (route) => route.fulfill(answer(new URL(route.request().url()).pathname, bundle)));
  const messages = new Emitter<unknown>();
  const closed = new Emitter<void>();
  const channel: Channel = {
    // As text, as VS Code sends it; driven browsers take seconds for a large argument of another form.
    post: (message) => void page.evaluate(hears, JSON.stringify(message)).catch(() => {}),
    onMessage: messages.event,
    onClose: closed.event,
  };
  eachSession(channel, start);
  await page.exposeFunction('toEditor', (message: unknown) => messages.fire(message));
  await page.addInitScript(asEditor, { colours: THEMES[theme], kind: theme });
  await page.goto(`${ORIGIN}/`);
  return {
    page,
    wrongs,
    close: async () => {
      closed.fire();
      await page.close();
    },
  };
}

/** Runs in the page. */
function hears(text: string): void {
  window.postMessage(JSON.parse(text), '*');
}

function answer(path: string, bundle: string): { contentType: string; body: string } {
  if (path === '/') return { contentType: 'text/html', body: html() };
  if (path === '/theme.css') return { contentType: 'text/css', body: readFileSync('dist/webviews/theme.css', 'utf8') };
  return { contentType: 'text/javascript', body: readFileSync(`dist/webviews/${bundle}.js`, 'utf8') };
}

function html(): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy({ nonce: 'n0', source: ORIGIN })}">
<meta property="csp-nonce" content="n0"><link rel="stylesheet" href="/theme.css"></head>
<body data-nonce="n0"><main id="root"></main><script nonce="n0" src="/page.js"></script></body></html>`;
}

/** Runs in the page before its script: what VS Code gives a webview. */
function asEditor({ colours, kind }: { colours: Record<string, string>; kind: string }): void {
  const state = (): unknown => JSON.parse(sessionStorage.getItem('kept') ?? 'null');
  const toEditor = (window as unknown as { toEditor: (message: unknown) => void }).toEditor;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => toEditor(message),
      getState: () => state() ?? undefined,
      setState: (next: unknown) => sessionStorage.setItem('kept', JSON.stringify(next)),
    }),
  });
  const paint = (): void => {
    for (const [name, value] of Object.entries(colours))
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    document.body.classList.add(kind === 'contrast' ? 'vscode-high-contrast' : `vscode-${kind}`);
  };
  document.addEventListener('DOMContentLoaded', paint);
}

const FONTS = { 'font-family': 'sans-serif', 'font-size': '13px', 'editor-font-family': 'monospace' };

/** Colours of VS Code's own themes: Dark Modern, Light Modern, Dark High Contrast. */
export const THEMES: Readonly<Record<ThemeName, Record<string, string>>> = {
  dark: {
    ...FONTS,
    'dropdown-background': '#313131',
    'dropdown-foreground': '#cccccc',
    'dropdown-border': '#cccccc40',
    'list-hoverBackground': '#2a2d2e',
    'list-inactiveSelectionBackground': '#37373d',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'badge-background': '#616161',
    'badge-foreground': '#f8f8f8',
    'editorWidget-background': '#202020',
    'editorSuggestWidget-background': '#202020',
    'editorSuggestWidget-border': '#454545',
    'editorSuggestWidget-selectedBackground': '#04395e',
    'editorWarning-foreground': '#cca700',
    'editorError-foreground': '#f14c4c',
    'diffEditor-insertedTextBackground': '#9ccc2c33',
    'diffEditor-removedTextBackground': '#ff000033',
    'input-background': '#313131',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editor-background': '#1f1f1f',
    errorForeground: '#f85149',
    'panel-border': '#2b2b2b',
    focusBorder: '#0078d4',
    'editorIndentGuide-background1': '#404040',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
    'charts-yellow': '#cca700',
    'charts-red': '#f14c4c',
  },
  light: {
    ...FONTS,
    'dropdown-background': '#ffffff',
    'dropdown-foreground': '#3b3b3b',
    'dropdown-border': '#3b3b3b40',
    'list-hoverBackground': '#f2f2f2',
    'list-inactiveSelectionBackground': '#e4e6f1',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'badge-background': '#cccccc',
    'badge-foreground': '#3b3b3b',
    'editorWidget-background': '#f8f8f8',
    'editorSuggestWidget-background': '#f8f8f8',
    'editorSuggestWidget-border': '#c8c8c8',
    'editorSuggestWidget-selectedBackground': '#e8e8e8',
    'editorWarning-foreground': '#bf8803',
    'editorError-foreground': '#e51400',
    'diffEditor-insertedTextBackground': '#9ccc2c40',
    'diffEditor-removedTextBackground': '#ff000033',
    'input-background': '#ffffff',
    'input-foreground': '#3b3b3b',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editor-background': '#ffffff',
    errorForeground: '#f85149',
    'panel-border': '#e5e5e5',
    focusBorder: '#005fb8',
    'editorIndentGuide-background1': '#d3d3d3',
    'charts-blue': '#0063d3',
    'charts-orange': '#d18616',
    'charts-green': '#388a34',
    'charts-purple': '#652d90',
    'charts-yellow': '#bf8803',
    'charts-red': '#e51400',
  },
  contrast: {
    ...FONTS,
    'dropdown-background': '#000000',
    'dropdown-foreground': '#ffffff',
    'dropdown-border': '#ffffff40',
    'list-hoverBackground': '#ffffff1a',
    contrastActiveBorder: '#f38518',
    'badge-background': '#000000',
    'badge-foreground': '#ffffff',
    'editorWidget-background': '#0c141f',
    'editorSuggestWidget-background': '#0c141f',
    'editorSuggestWidget-border': '#6fc3df',
    'input-background': '#000000',
    'button-secondaryForeground': '#ffffff',
    foreground: '#ffffff',
    descriptionForeground: '#ffffffb3',
    'editor-background': '#000000',
    errorForeground: '#f48771',
    contrastBorder: '#6fc3df',
    focusBorder: '#f38518',
    'editorIndentGuide-background1': '#ffffff',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
    'charts-yellow': '#cca700',
    'charts-red': '#f48771',
  },
};
