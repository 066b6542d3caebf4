import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';
import { Emitter } from '../../../src/base/event';
import { eachSession, type Channel } from '../../../src/wire/session';
import { serve, type Guards, type Methods, type Protocol, type Served } from '../../../src/wire/wire';
import { root, startSite, type Site } from './server';
import { LOOKS } from '../../support/looks';
import { changeTheme, startTheme, type Theme } from './theme';

/** The made-up host of a page: what answers it, and where its saved place lies. */
export interface Wanted<P extends Protocol> {
  /** Name of the bundle: `dist/webviews/<bundle>.js`, or a path to a script under `.build/`. */
  readonly bundle: string;
  readonly guards: Guards<P>;
  readonly methods: Methods<P>;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** An open page; whatever it does wrong (policy, console, exceptions, a bug in a method) fails its test at the end. */
export interface OpenedPage<P extends Protocol> {
  readonly page: Page;
  tell<K extends keyof P['tells'] & string>(name: K, data: P['tells'][K]): void;
  /** Takes what the page did wrong so far, for a test that expects it. */
  faults(): readonly string[];
  /** Throws the page away and makes it again, as VS Code does with hidden ones; what it saved is kept. */
  reopen(): Promise<void>;
  /** `.build/screenshots/<name>-<theme>.png`, in each look. */
  screenshot(name: string): Promise<void>;
}

let started: Promise<{ browser: Browser; site: Site }> | undefined;

/** Opens a real bundle under the real policy in a real browser. */
export async function openPage<P extends Protocol>(wanted: Wanted<P>): Promise<OpenedPage<P>> {
  const script = wanted.bundle.startsWith('.build/') ? wanted.bundle : `dist/webviews/${wanted.bundle}.js`;
  if (!existsSync(path.join(root, script))) throw new Error(`${script} is not there: run "npm run build" first.`);
  const { browser, site } = await (started ??= start());
  const { theme = 'dark', width = 1000, height = 700 } = wanted;
  const page = await browser.newPage({ viewport: { width, height } });
  const faults = watch(page);
  onTestFinished(async () => {
    await page.close();
    expect(faults, 'what the page did wrong').toEqual([]);
  });
  const host = await answer(page, wanted, faults);
  await startTheme(page, theme);
  await page.goto(site.page(script));
  return {
    page,
    tell: (name, data) => host.served()?.tell(name, data),
    faults: () => faults.splice(0),
    reopen: async () => void (await page.reload()),
    screenshot: (name) => picture(page, name, theme),
  };
}

async function start(): Promise<{ browser: Browser; site: Site }> {
  const executablePath = process.env.GRPO_LENS_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  return { browser, site: await startSite() };
}

afterAll(async () => {
  const { browser, site } = (await started) ?? {};
  await browser?.close();
  site?.close();
});

function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`exception: ${error.name} ${error.message} ${error.stack ?? ''}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1') faults.push(`it asked for ${request.url()}`);
  });
  return faults;
}

async function answer<P extends Protocol>(
  page: Page,
  wanted: Wanted<P>,
  faults: string[],
): Promise<{ served: () => Served<P> | undefined }> {
  const heard = new Emitter<unknown>();
  const channel: Channel = {
    post: (message) => void page.evaluate((data) => window.postMessage(data, '*'), message).catch(() => undefined),
    onMessage: heard.event,
    onClose: new Emitter<void>().event,
  };
  await page.exposeFunction('hostHears', (message: unknown) => heard.fire(message));
  await page.exposeFunction('hostFault', (text: string) => faults.push(text));
  await page.addInitScript(fakeApi);
  let served: Served<P> | undefined;
  eachSession(channel, (port) => {
    served?.dispose();
    served = serve(port, wanted.guards, wanted.methods, (bug) => faults.push(`bug in a method: ${String(bug)}`));
  });
  return { served: () => served };
}

/** Runs in the page: what VS Code gives to a webview, and an ear for breaches of the policy. */
function fakeApi(): void {
  const host = window as unknown as Record<'hostHears' | 'hostFault', (value: unknown) => void>;
  const key = 'state of the page';
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

async function picture(page: Page, name: string, theme: Theme): Promise<void> {
  const folder = path.join(root, '.build', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const shown of LOOKS) {
    await changeTheme(page, shown);
    await page.waitForTimeout(200);
    await page.screenshot({ path: path.join(folder, `${name}-${shown}.png`) });
  }
  await changeTheme(page, theme);
}
