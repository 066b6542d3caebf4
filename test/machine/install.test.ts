import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installScript } from '../../src/machine/hosts/install';
import { hostProgram } from '../../src/machine/hosts/program';
import { PYTHON } from './place';

let folder: string;
const program = hostProgram(PYTHON);
const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lens-install-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a host with such Pythons on its PATH says; nothing else is there. `sent` goes to it when it has said something. */
async function said(pythons: Readonly<Record<string, string>>, sent: string | Buffer = ''): Promise<string> {
  for (const [name, text] of Object.entries(pythons)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o700);
  }
  const script = installScript({ sentinel: 'SENTINEL', program, python: undefined, home: join(folder, 'home') });
  const shell = spawn('/bin/sh', ['-s'], { env: { PATH: folder }, stdio: ['pipe', 'pipe', 'ignore'] });
  shell.stdin.on('error', () => undefined); // it has ended already
  let heard = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    if (heard === '') shell.stdin.end(sent);
    heard += chunk.toString();
  });
  shell.stdin.write(script);
  await once(shell, 'close');
  return heard.trim();
}

const PYTHON3 = `exec ${real} "$@"`;

it.each([
  ['a new one', { python3: PYTHON3 }, 'SENTINEL need'],
  ['none', {}, 'SENTINEL python'],
  ['only one that is too old', { python3: 'exit 9' }, 'SENTINEL python'],
  ['one that knows no -I, then a new one', { python3: 'exit 2', 'python3.11': PYTHON3 }, 'SENTINEL need'],
  ['one whose shim leads nowhere, then a new one', { python3: 'exit 127', python: PYTHON3 }, 'SENTINEL need'],
  ['one that fails to start, then a new one', { python3: 'exit 1', python: PYTHON3 }, 'SENTINEL need'],
  ['one that failed in serving: no other is tried', { python3: 'echo once; exit 70', python: PYTHON3 }, 'once'],
  ['one that was killed in serving: no other is tried', { python3: 'echo once; kill -9 $$', python: PYTHON3 }, 'once'],
])('a host with %s', async (_, pythons, word) => {
  expect(await said(pythons)).toBe(word);
});

it('half a program leaves nothing that could be taken for one; whole it is there, compiled, and its owner’s alone', async () => {
  expect(await said({ python3: PYTHON3 }, program.text.subarray(0, 1000))).toBe('SENTINEL need');
  const home = join(folder, 'home/host', `host-${program.hash}`);
  expect(existsSync(home)).toBe(false);
  expect(await said({ python3: PYTHON3 }, program.text)).toBe('SENTINEL need');
  expect(existsSync(join(home, 'host.py'))).toBe(true);
  expect(await said({ python3: PYTHON3 })).toBe('SENTINEL have');
  expect(existsSync(join(home, '__pycache__'))).toBe(true);
  const modes = execFileSync('find', [home, '-perm', '/077'], { encoding: 'utf8' });
  expect(modes).toBe('');
});
