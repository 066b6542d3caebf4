import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { thorough } from '../support/thorough';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const bin = mkdtempSync(join(tmpdir(), 'lens-code-'));
/** VS Code's command line, as our stand-in for it reads it. */
interface Arguments {
  parse(words: readonly string[]): { readonly folder: string; readonly development: readonly string[] };
}

afterAll(() => rmSync(bin, { recursive: true }));

// It builds, which other layers would not like beside them.
it.runIf(thorough)(
  'npm start opens desktop VS Code on examples/ with the extension, where `code` is on the PATH',
  () => {
    const heard = join(bin, 'heard');
    writeFileSync(join(bin, 'code'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${heard}'\nexit 7\n`);
    chmodSync(join(bin, 'code'), 0o755);
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
    const { status, stdout } = spawnSync(process.execPath, [join(root, '.ci/start.mjs')], { env, encoding: 'utf8' });
    expect(readFileSync(heard, 'utf8').trimEnd().split('\n')).toEqual([
      `--extensionDevelopmentPath=${root}`,
      `${root}/examples`,
    ]);
    expect(status, stdout).toBe(7);
    expect(existsSync(join(root, 'dist/extension.js'))).toBe(true);
  },
);

it('in the order that VS Code takes: what is developed, then the folder to open', async () => {
  const { parse } = (await import(pathToFileURL(join(root, '.ci/host/arguments.mjs')).href)) as Arguments;
  const { folder, development } = parse([`--extensionDevelopmentPath=${root}`, `${root}/examples`]);
  expect([folder, development]).toEqual([`${root}/examples`, [root]]);
});
