import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startSite, type Site } from './server';

interface Running {
  readonly browser: Browser;
  /** One for all pages, so that a bundle is fetched and compiled once. */
  readonly context: BrowserContext;
  readonly site: Site;
}

let started: Promise<Running> | undefined;

/** The browser of this process and the site with the bundles, begun when first asked for; they end with the process. */
export function browserAndSite(): Promise<Running> {
  return (started ??= start());
}

export async function newPage(viewport = { width: 1000, height: 900 }): Promise<Page> {
  const { context } = await browserAndSite();
  const page = await context.newPage();
  await page.setViewportSize(viewport);
  return page;
}

/** For a process that goes on without them. */
export async function endBrowser(): Promise<void> {
  const { browser, site } = (await started) ?? {};
  started = undefined;
  await browser?.close();
  site?.close();
}

async function start(): Promise<Running> {
  const executablePath = process.env.GRPO_LENS_CHROMIUM || '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  return { browser, context: await browser.newContext(), site: await startSite() };
}
