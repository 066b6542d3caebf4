import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { Emitter } from '../../../src/base/event';
import { eachSession, type Channel } from '../../../src/wire/session';
import type { Port } from '../../../src/wire/wire';
import { browserAndSite, newPage } from './browser';
import { root } from './server';
import { startTheme, type Theme } from './theme';

/** A page of ours in Chromium, under its true policy, with the editor's side in this process. */
export interface Stage {
  readonly page: Page;
  /** Everything that went wrong in the page: exceptions, its console, breaches of the policy, requests that leave. */
  readonly wrongs: string[];
  close(): Promise<void>;
}

/** Where the made-up editor keeps what a page saves: a key of its sessionStorage. */
export const SAVED = 'saved by the page';

export interface Staging {
  /** Name of the bundle: `dist/webviews/<bundle>.js`, or a path to a script under `.build/`. */
  readonly bundle: string;
  /** Gets a port for each life of the page. */
  readonly start: (port: Port) => void;
  readonly theme?: Theme | undefined;
  readonly size?: { readonly width: number; readonly height: number };
}

/** Opens a built bundle under the real policy, as VS Code would. */
export async function stage({ bundle, start, theme = 'dark', size }: Staging): Promise<Stage> {
  const script = bundle.startsWith('.build/') ? bundle : `dist/webviews/${bundle}.js`;
  if (!existsSync(path.join(root, script))) throw new Error(`${script} is not there: run "npm run build" first.`);
  const page = await newPage(size);
  const wrongs = watch(page);
  const closed = await listen(page, start, wrongs);
  await startTheme(page, theme);
  await page.goto((await browserAndSite()).site.page(script));
  return {
    page,
    wrongs,
    close: async () => {
      closed.fire();
      await page.close();
    },
  };
}

/** What a page does wrong, as it happens. */
export function watch(page: Page): string[] {
  const wrongs: string[] = [];
  page.on('pageerror', (error) => wrongs.push(`exception: ${error.name} ${error.message} ${error.stack ?? ''}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrongs.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1') wrongs.push(`it asked for ${request.url()}`);
  });
  return wrongs;
}

async function listen(page: Page, start: (port: Port) => void, wrongs: string[]): Promise<Emitter<void>> {
  const heard = new Emitter<unknown>();
  const closed = new Emitter<void>();
  const channel: Channel = {
    // As text, as VS Code sends it; driven browsers take seconds for a large argument of another form.
    post: (message) => void page.evaluate(hears, JSON.stringify(message)).catch(() => undefined),
    onMessage: heard.event,
    onClose: closed.event,
  };
  await page.exposeFunction('hostHears', (message: unknown) => heard.fire(message));
  await page.exposeFunction('hostFault', (text: string) => wrongs.push(text));
  await page.addInitScript(fakeApi, SAVED);
  eachSession(channel, start);
  return closed;
}

/** Runs in the page. */
function hears(text: string): void {
  window.postMessage(JSON.parse(text), '*');
}

/** Runs in the page: what VS Code gives to a webview, and an ear for breaches of the policy. */
function fakeApi(key: string): void {
  const host = window as unknown as Record<'hostHears' | 'hostFault', (value: unknown) => void>;
  const api = {
    postMessage: (message: unknown) => host.hostHears(message),
    getState: () => JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined,
    setState: (state: unknown) => sessionStorage.setItem(key, JSON.stringify(state)),
  };
  let taken = false;
  Object.assign(window, {
    acquireVsCodeApi: () => {
      if (taken) throw new Error('An instance of the VS Code API has already been acquired');
      taken = true;
      return Object.freeze(api);
    },
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    host.hostFault(
      `policy: ${event.violatedDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
    );
  });
}
