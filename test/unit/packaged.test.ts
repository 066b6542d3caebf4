import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

interface Packaging {
  readmeAlone(text: string): string;
}

const { readmeAlone } = (await import(pathToFileURL(join(process.cwd(), '.ci/package.mjs')).href)) as Packaging;

it('the README of an installed extension names pages of the repository, and shows nothing that is not there', () => {
  const text =
    'A line.\n\n![A picture](docs/a.png)\n\nMore: [runs](docs/runs.md#far), [the hub](https://example.org), [below](#below).\n';
  expect(readmeAlone(text)).toBe(
    'A line.\n\nMore: runs (`docs/runs.md`), [the hub](https://example.org), [below](#below).\n',
  );
  expect(readmeAlone(readFileSync('README.md', 'utf8'))).not.toMatch(/\]\((?!https:|#)/);
});
