import { describe, expect, it } from 'vitest';
import { firstOf, worstOf } from '../../src/domain/rewards/choice';
import type { Explained, RegexCall, TraceEvent } from '../../src/domain/rewards/explained';
import { missedLines } from '../../src/domain/rewards/missed';
import { regexStop, regexStory } from '../../src/domain/rewards/regexNotes';

describe('a regular expression beside its line', () => {
  const range = { line: 1, col: 0, endLine: 1, endCol: 1 };
  const asked: RegexCall = {
    ...range,
    file: 'r.py',
    pattern: 'a.b',
    flags: [],
    method: 'search',
    text: '',
    inCompletion: 0,
    found: false,
    spans: [],
  };

  it('says where it stopped, why, and what would mend it', () => {
    const stop = { matched: 'a', at: 14, reason: '`.` does not match the newline', fix: 'DOTALL' };
    expect(regexStop({ ...asked, stop })).toBe('✗ regex stops at 14: `.` does not match the newline (DOTALL)');
    expect(regexStory({ ...asked, stop })).toBe(
      '`search` of `a.b`: `a` matches up to 14, then `.` does not match the newline. DOTALL would make it match.',
    );
  });

  it('says where it matched', () => {
    expect(regexStop({ ...asked, found: true, spans: [[2, 5]] })).toBeUndefined();
    expect(regexStory({ ...asked, found: true, spans: [[2, 5]] })).toBe('`search` of `a.b` matched at 2–5.');
    expect(regexStory(asked)).toBe('`search` of `a.b` found nothing.');
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
