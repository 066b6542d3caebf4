import { build } from 'esbuild';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPage } from './support/page';
import { root } from './support/server';
import { probeGuards, type Probe } from './probe/probe';

const methods = {
  double: ({ values }: { values: Float64Array }) => ({ twice: [...values].map((value) => 2 * value) }),
};
const open = (name: string) => openPage<Probe>({ bundle: `.build/probes/${name}.js`, guards: probeGuards, methods });

beforeAll(async () => {
  await build({
    entryPoints: ['good.tsx', 'bad.ts'].map((name) => path.join(root, 'test/webviews/probe', name)),
    outdir: path.join(root, '.build/probes'),
    bundle: true,
    format: 'iife',
    target: 'chrome122',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
});

describe('pages under the policy of the editor', () => {
  it('draw with the toolkit and vega, and speak over the wire', async () => {
    const { page, tell, screenshot } = await open('good');
    await page.locator('#chart svg path').first().waitFor();
    expect(await page.locator('#answer').textContent()).toBe('2 4 6; seen 0 times');
    expect(
      await page.locator('vscode-button').evaluate((button) => button.shadowRoot?.childElementCount),
    ).toBeGreaterThan(0);
    tell('news', 'told');
    await expect.poll(() => page.locator('#answer').textContent()).toBe('told');
    await screenshot('probe');
  });

  it('keep their place when they are thrown away', async () => {
    const { page, reopen } = await open('good');
    await page.locator('#answer').waitFor();
    await reopen();
    await page.locator('#chart svg path').first().waitFor();
    expect(await page.locator('#answer').textContent()).toBe('2 4 6; seen 1 times');
  });

  it('are caught at whatever the policy forbids', async () => {
    const { faults } = await open('bad');
    const seen: string[] = [];
    await expect
      .poll(() => {
        seen.push(...faults());
        return ['style-src', 'script-src', 'img-src', 'console', 'exception'].filter(
          (word) => !seen.some((fault) => fault.includes(word)),
        );
      })
      .toEqual([]);
  });
});
