import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { Emitter } from '../../../src/base/event';
import { eachSession, type Channel } from '../../../src/wire/session';
import type { Port } from '../../../src/wire/wire';
import { browserAndSite, newPage } from './browser';
import { watch } from './stage';
import { appearance, type Theme } from './theme';

/** An output as a notebook holds it: its MIME types with their data. */
export type Bundle = Readonly<Record<string, unknown>>;

/** A notebook's page in Chromium: all outputs in one document, each in its own element. */
export interface NotebookStage {
  readonly page: Page;
  /** Errors of the page and what the policy forbade. */
  readonly wrongs: string[];
  /** Draws an output in a new element of this id; gives the milliseconds until the browser had painted it. */
  draw(id: string, mime: string, data: unknown): Promise<number>;
  drop(id?: string): Promise<void>;
}

/** `start` answers the outputs' live side; without it there is no messaging, as in an exported notebook. */
export async function notebookStage({
  theme = 'dark',
  start,
}: { readonly theme?: Theme; readonly start?: (port: Port) => void } = {}): Promise<NotebookStage> {
  const page = await newPage();
  const wrongs = watch(page);
  const { site } = await browserAndSite();
  site.made('start.js', () => START);
  const messages = new Emitter<unknown>();
  await page.exposeFunction('toEditor', (message: unknown) => messages.fire(message));
  await page.goto(site.made('notebook', html));
  await page.waitForFunction(() => 'activate' in window);
  if (start) eachSession(channelTo(page, messages), start);
  await page.evaluate(open, { colours: appearance(theme).variables, kind: theme, messaging: start !== undefined });
  return {
    page,
    wrongs,
    draw: (id, mime, data) => page.evaluate(draw, { id, mime, text: JSON.stringify(data) }),
    drop: (id) => page.evaluate((gone) => (window as unknown as Stage).renderer.disposeOutputItem(gone), id),
  };
}

/** The bundle that Python gives for an expression, with the names of `grpo_lens` at hand. */
export function fromPython(code: string, expression: string, python = 'python3'): Bundle {
  const program = `import json, sys
sys.path.insert(0, 'python')
from grpo_lens import show, score, watch
${code}
print(json.dumps((${expression})._repr_mimebundle_(), allow_nan=False))`;
  const printed = execFileSync(python, ['-c', program], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return JSON.parse(printed) as Bundle;
}

function channelTo(page: Page, messages: Emitter<unknown>): Channel {
  return {
    post: (message) =>
      void page.evaluate((data) => (window as unknown as Stage).deliver(data), message).catch(() => undefined),
    onMessage: messages.event,
    onClose: new Emitter<void>().event,
  };
}

const START = "import { activate } from '/dist/webviews/notebook.js'; window.activate = activate;";

interface Stage {
  activate(context: object): Stage['renderer'];
  renderer: {
    renderOutputItem(item: object, element: HTMLElement): void;
    disposeOutputItem(id?: string): void;
  };
  deliver(message: unknown): void;
  toEditor(message: unknown): void;
}

function open(given: { colours: Record<string, string>; kind: string; messaging: boolean }): void {
  for (const [name, value] of Object.entries(given.colours)) document.documentElement.style.setProperty(name, value);
  document.body.className = given.kind === 'contrast' ? 'vscode-high-contrast' : `vscode-${given.kind}`;
  document.body.style.background = 'var(--vscode-editor-background)';
  const stage = window as unknown as Stage;
  const listeners: ((message: unknown) => void)[] = [];
  stage.deliver = (message) => listeners.forEach((listener) => listener(message));
  const messaging = {
    postMessage: (message: unknown) => stage.toEditor(message),
    onDidReceiveMessage: (listener: (message: unknown) => void) => listeners.push(listener),
  };
  stage.renderer = stage.activate(given.messaging ? messaging : {});
}

function draw({ id, mime, text }: { id: string; mime: string; text: string }): Promise<number> {
  const element = document.getElementById(id) ?? document.createElement('div');
  element.id = id;
  document.body.append(element);
  const began = performance.now();
  (window as unknown as Stage).renderer.renderOutputItem({ id, mime, json: () => JSON.parse(text) }, element);
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  });
}

/** As VS Code has it for notebooks: inline styles are allowed there; scripts of ours come from its resources only. */
const html = (source: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${source} 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: https:">
<style>article { border: 9px solid red } .quiet { color: red } h2 { font-size: 90px }</style></head><body><script type="module" src="/start.js"></script></body></html>`;
