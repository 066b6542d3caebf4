import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOSTILE, randomWord } from '../hostile';
import { quote, quoteAll, quoteFolder, quoteVariable } from '../../src/machine/quote';

const SHELLS = ['sh', 'bash'];

/** What a shell makes of our text: the arguments as they arrive. */
function arrived(shell: string, text: string, env: NodeJS.ProcessEnv = {}): string[] {
  const script = `for w in ${text}; do printf '%s\\0' "$w"; done`;
  const done = spawnSync(shell, ['-c', script], { env: { ...process.env, ...env }, cwd: '/' });
  expect(done.stderr.toString()).toBe('');
  return done.stdout.toString().split('\0').slice(0, -1);
}

describe.each(SHELLS)('%s', (shell) => {
  it('gives every hostile value back as it was', () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
    expect(arrived(shell, quoteAll(HOSTILE))).toEqual(HOSTILE.map((value) => value.replaceAll('\0', '')));
  });

  it('gives random words back as they were', () => {
    const words = Array.from({ length: 3000 }, (_, seed) => randomWord(seed));
    expect(arrived(shell, quoteAll(words))).toEqual(words);
  });

  it('puts a variable behind a word', () => {
    for (const before of HOSTILE.map((value) => value.replaceAll('\0', '')))
      expect(quoteVariable(before, 'V')).toBe(`${before === '' ? '' : quote(before)}"$V"`);
    const env = { V: '$(touch /tmp/x) "\'' };
    expect(arrived(shell, quoteVariable('--a=', 'V'), env)).toEqual([`--a=${env.V}`]);
  });

  it.each([
    ['~', '/h'],
    ['~/a b', '/h/a b'],
    ['~user', '~user'],
    ['/$(id)', '/$(id)'],
    ['', '/h'],
  ])('knows the home in %j', (path, expected) => {
    expect(arrived(shell, quoteFolder(path), { HOME: '/h' })).toEqual([expected]);
  });
});

it('refuses a variable that is no name', () => {
  expect(() => quoteVariable('', 'A;id')).toThrow();
});

/** The one list of places where a call of ours reaches a shell or starts a program. */
const PLACES: Readonly<Record<string, string>> = {
  'bundle.ts': 'Python text for `python -c`: our modules as literals, never a value of the user’s',
  'here.ts': 'starts host.py, arguments as a list',
  'ssh.ts': 'starts ssh, arguments as a list; the host name may not begin with a dash; the remote word is fixed',
  'runner.ts': 'starts Python, arguments as a list',
  'kernel.ts': 'starts Python for the cells of a notebook, arguments as a list',
  'install.ts': 'shell text for `sh -s`',
  'installed.ts': 'an argument vector, no shell',
  'script.ts': 'shell text of a run',
  'quote.ts': 'makes shell text',
  'versions.ts': 'asks git for a file of a commit, arguments as a list behind --end-of-options',
};
const REACHES =
  /\bspawn(Sync)?\(|\bexecFile\b|\bexecSync\(|\bexec\(|\bfork\(|execa|quote(All|Folder|Variable)?\(|shell: true/;

it('knows every place that reaches a shell', () => {
  const root = join(import.meta.dirname, '../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const found = files.filter((name) => REACHES.test(code(readFileSync(join(root, name), 'utf8'))));
  const names = found.map((name) => name.split('/').at(-1) ?? '');
  expect(names.sort()).toEqual(Object.keys(PLACES).sort());
  for (const name of found) expect(readFileSync(join(root, name), 'utf8')).not.toMatch(/shell: true|execSync\(/);
});

/** Without comments and regular expressions' `exec`. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/\.exec\(/g, '');
}
