import { describe, expect, it } from 'vitest';
import { firstOf, worstOf } from '../../src/domain/choice';
import type { Explained, RegexCall, TraceEvent } from '../../src/domain/explained';
import { lineNotes, missedLines } from '../../src/domain/lineNotes';

type Told = Pick<TraceEvent, 'kind'> & Partial<TraceEvent>;

/** Notes of one function whose events are given by line. */
function notes(
  lines: Readonly<Record<number, readonly Told[]>>,
  regexes: readonly Partial<RegexCall>[] = [],
): string[] {
  const events = Object.entries(lines).flatMap(([line, told]) =>
    told.map((event) => ({
      frame: 1,
      statement: Number(line),
      line: Number(line),
      col: 0,
      endLine: Number(line),
      endCol: 1,
      ...event,
    })),
  );
  const explained: Explained = {
    row: 0,
    score: 0,
    frames: [{ id: 1, function: 'f', file: 'r.py', line: 1, parent: 0, arguments: {} }],
    events: [...events, { frame: 2, statement: 99, line: 99, col: 0, endLine: 99, endCol: 1, kind: 'stmt' }],
    dropped: 0,
    why: null,
    regexes: regexes.map((regex) => ({
      file: 'r.py',
      line: 1,
      col: 0,
      endLine: 1,
      endCol: 1,
      pattern: 'a.b',
      flags: [],
      method: 'search',
      text: '',
      inCompletion: 0,
      found: false,
      spans: [],
      ...regex,
    })),
  };
  return lineNotes(explained, 'r.py').map(
    ({ line, text, hover }) => `${line}: ${text}${hover === '' ? '' : ` | ${hover}`}`,
  );
}

const set = (name: string, value: string): Told => ({ kind: 'store', name, value });
const tried = (truth: boolean): Told => ({ kind: 'branch', truth });

describe('notes beside the lines of a sample', () => {
  const cases: [string, Parameters<typeof notes>, string[]][] = [
    ['a value', [{ 3: [set('x', '1')] }], ['3: x = 1 | `x`: `1`']],
    ['a test', [{ 3: [tried(false)], 4: [tried(true)] }], ['3: ✗', '4: ✓']],
    ['a loop', [{ 3: [tried(true), tried(true), tried(false)] }], ['3: ✓ 2 ✗ 1']],
    ['what is returned', [{ 3: [{ kind: 'return', value: '-1.0' }] }], ['3: → -1.0']],
    ['what was swallowed', [{ 3: [{ kind: 'except', value: 'ValueError: bad' }] }], ['3: ⚠ ValueError: bad']],
    ['a line that only ran', [{ 3: [{ kind: 'stmt' }] }], ['3: ']],
    [
      'the first and last values of a long loop',
      [{ 3: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => set('x', String(n))) }],
      ['3: x = 9 (×9) | `x`: `1`, `2`, `3`, `4`, `5`, `… 2 more …`, `8`, `9`'],
    ],
    [
      'where a regex stopped',
      [
        { 1: [{ kind: 'stmt' }] },
        [{ stop: { matched: 'a', at: 14, reason: '`.` does not match the newline', fix: 'DOTALL' } }],
      ],
      [
        '1: ✗ regex stops at 14: `.` does not match the newline (DOTALL) | `search` of `a.b`: `a` matches up to 14, then `.` does not match the newline. DOTALL would make it match.',
      ],
    ],
    [
      'where a regex matched',
      [{ 1: [{ kind: 'stmt' }] }, [{ found: true, spans: [[2, 5]] }]],
      ['1:  | `search` of `a.b` matched at 2–5.'],
    ],
  ];
  it.each(cases)('%s', (_what, [lines, regexes], expected) => {
    expect(notes(lines, regexes)).toEqual(expected);
  });

  it('are about the lines of the file only', () => {
    expect(notes({ 3: [{ kind: 'stmt' }] })).toEqual(['3: ']);
  });
});

describe('lines that a sample missed', () => {
  const at = (line: number, kind: string, endLine = line): TraceEvent => ({
    frame: 1,
    statement: line,
    line,
    col: 0,
    endLine,
    endCol: 1,
    kind,
  });
  const frames = [{ id: 1, function: 'f', file: 'r.py', line: 2, parent: 0, arguments: {} }];
  const events = [at(2, 'enter', 6), at(3, 'stmt'), at(5, 'stmt')];
  const explained: Explained = { row: 0, score: 0, frames, events, dropped: 0, why: null, regexes: [] };

  it('are those of the functions that it went through', () => {
    expect(missedLines(explained, 'r.py', [2, 3, 4, 5, 6, 9])).toEqual([4, 6]);
    expect(missedLines(explained, 'other.py', [2, 3, 4])).toEqual([]);
  });
});

describe('which sample to look at', () => {
  it('begins with the first that lost points', () => {
    expect(firstOf([1, 1, 0.5, 0])).toBe(2);
    expect(firstOf([1, 1])).toBe(0);
    expect(firstOf([1, 'error'])).toBe(1);
  });

  it('goes round the worst', () => {
    expect(worstOf([0, 1, 0], 0)).toBe(2);
    expect(worstOf([0, 1, 0], 2)).toBe(0);
    expect(worstOf([1, 'error', 0], 0)).toBe(1);
    expect(worstOf([], 0)).toBe(-1);
  });
});
