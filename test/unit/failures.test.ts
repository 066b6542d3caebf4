import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What the scripts of the checks have; they are no modules of the house. */
interface Failures {
  inReport(report: object): object[];
  inUnittest(text: string): object[];
}

const { inReport, inUnittest } = (await import(
  pathToFileURL(join(process.cwd(), '.ci/failures.mjs')).href
)) as Failures;

const file = (name: string, more: object): object => ({
  name: join(process.cwd(), name),
  status: 'failed',
  message: '',
  assertionResults: [],
  ...more,
});

describe('what a long run names again in its last lines', () => {
  it('failed tests of vitest, those that passed at their second try, files that did not load', () => {
    const tests = [
      { fullName: 'a adds', status: 'passed', failureMessages: [] },
      { fullName: 'a takes', status: 'failed', failureMessages: ['expected 1 to be 2'] },
      { fullName: 'a waits', status: 'passed', failureMessages: ['too late'] },
    ];
    const testResults = [
      file('test/unit/a.test.ts', { assertionResults: tests }),
      file('test/unit/b.test.ts', { message: 'no module' }),
    ];
    expect(inReport({ testResults })).toEqual([
      { name: 'test/unit/a.test.ts > a takes', message: 'expected 1 to be 2', again: false },
      { name: 'test/unit/a.test.ts > a waits', message: 'too late', again: true },
      { name: 'test/unit/b.test.ts', message: 'no module' },
    ]);
  });

  it('failed tests of unittest, with the end of their traceback', () => {
    const rule = (sign: string): string => `${sign.repeat(70)}\n`;
    const one = `${rule('=')}FAIL: test_a (test_b.B)\n${rule('-')}Traceback …\nAssertionError: 1 != 2\n\n`;
    expect(inUnittest(`.F.\n${one}${rule('-')}Ran 3 tests in 0.1s\n\nFAILED (failures=1)\n`)).toEqual([
      { name: 'FAIL: test_a (test_b.B)', message: 'Traceback …\nAssertionError: 1 != 2' },
    ]);
  });
});
