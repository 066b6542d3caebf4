import { spawnSync } from 'node:child_process';
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
