import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { serve, type Guards, type Methods, type Protocol, type Served } from '../../../src/wire/wire';
import { LOOKS } from '../../support/looks';
import { root } from './server';
import { stage } from './stage';
import { changeTheme, type Theme } from './theme';

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
  /** `.build/screenshots/<name>-<look>.png`, in each look. */
  screenshot(name: string): Promise<void>;
}

/** Opens a real bundle under the real policy in a real browser. */
export async function openPage<P extends Protocol>(wanted: Wanted<P>): Promise<OpenedPage<P>> {
  const { bundle, guards, methods, theme = 'dark', width = 1000, height = 700 } = wanted;
  let served: Served<P> | undefined;
  const faults: string[] = [];
  const { page, wrongs, close } = await stage({
    bundle,
    theme,
    size: { width, height },
    start: (port) => {
      served?.dispose();
      served = serve(port, guards, methods, (bug) => faults.push(`bug in a method: ${String(bug)}`));
    },
  });
  onTestFinished(async () => {
    await close();
    expect([...wrongs, ...faults], 'what the page did wrong').toEqual([]);
  });
  return {
    page,
    tell: (name, data) => served?.tell(name, data),
    faults: () => [...wrongs.splice(0), ...faults.splice(0)],
    reopen: async () => void (await page.reload()),
    screenshot: (name) => picture(page, name, theme),
  };
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
