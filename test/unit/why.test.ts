import { describe, expect, it } from 'vitest';
import type { AdvantageVariant } from '../../src/domain/rollouts/advantage';
import { missedText, reasonText } from '../../src/domain/rewards/causeText';
import { betterOf } from '../../src/domain/rewards/choice';
import type { Missed, Reason, RegexCall } from '../../src/domain/rewards/explained';
import { frameworks } from '../../src/domain/frameworks/which';
import { markedPieces } from '../../src/domain/rewards/marked';
import { pressureOf, type Pressure, type PressureRow } from '../../src/domain/rewards/pressure';
import type { Score } from '../../src/domain/score';

describe('a cause in words', () => {
  const reason = (more: Partial<Reason>): Reason => ({ how: 'in', line: 3, test: 'm', outcome: true, ...more });
  const reasons: [string, Reason][] = [
    ['because line 3 m was True', reason({})],
    ['because line 3 m was False (None)', reason({ outcome: false, value: 'None' })],
    ['after the guard at line 3 m was False', reason({ how: 'guard', outcome: false })],
    [
      'because line 3 m was False, since b was never evaluated',
      reason({ outcome: false, operand: { text: 'b', value: null } }),
    ],
    [
      'in the handler at line 3: line 2 raised KeyError',
      reason({ how: 'except', outcome: null, caught: { type: 'KeyError', message: '', raisedAt: 2 } }),
    ],
  ];
  it.each(reasons)('%s', (text, one) => expect(reasonText(one)).toBe(text));

  const missed = (more: Partial<Missed>): Missed => ({
    line: 5,
    text: 'x',
    test: 't',
    testLine: 4,
    outcome: null,
    ...more,
  });
  const caught = { type: 'ValueError', message: 'bad', raisedAt: 2, line: 6 };
  const notReached: [string, Missed][] = [
    ['because line 4 t was False', missed({ outcome: false })],
    ['because line 4 t was never evaluated', missed({})],
    ['because line 4 t was never evaluated: line 2 raised ValueError: bad, swallowed at line 6', missed({ caught })],
  ];
  it.each(notReached)('%s', (text, one) => expect(missedText(one)).toBe(text));
});

describe('a completion with its matches', () => {
  const regex = (more: Partial<RegexCall>): RegexCall => ({
    ...{ line: 1, col: 0, endLine: 1, endCol: 1, file: 'f', pattern: 'p', flags: [], method: 'search', text: '' },
    ...{ inCompletion: 0, found: true, spans: [], ...more },
  });
  const cases: [string, RegexCall[], string][] = [
    ['nothing', [], 'abcdef'],
    [
      'a match and its group',
      [
        regex({
          spans: [
            [1, 5],
            [2, 3],
          ],
        }),
      ],
      'a|b1|c2|de1|f',
    ],
    ['a text within the completion', [regex({ inCompletion: 2, spans: [[0, 2]] })], 'ab|cd1|ef'],
    ['a text from elsewhere', [regex({ inCompletion: -1, spans: [[0, 2]] })], 'abcdef'],
    [
      'a group that took no part',
      [
        regex({
          spans: [
            [0, 2],
            [-1, -1],
          ],
        }),
      ],
      'ab1|cdef',
    ],
    ['a stop', [regex({ found: false, stop: { matched: 'x', at: 3, reason: 'r' } })], 'abc|!def'],
    ['a stop at the end', [regex({ found: false, stop: { matched: 'x', at: 9, reason: 'r' } })], 'abcdef|!'],
  ];
  it.each(cases)('%s', (_what, regexes, drawn) => {
    const pieces = markedPieces('abcdef', regexes);
    expect(pieces.map(({ text }) => text).join('')).toBe('abcdef');
    const told = pieces.map(({ text, depth, stops }) => `${stops.length > 0 ? '!' : ''}${text}${depth || ''}`);
    expect(told.join('|')).toBe(drawn);
  });
});

describe('a better sample', () => {
  const cases: [number, Score[], number][] = [
    [2, [0, 0.5, 1, 2], 0],
    [-1, [0, 0.5, 1, 2], 2],
    [0, [0, 'nan', 'error'], 1],
    [-1, ['none', 'error'], 0],
  ];
  it.each(cases)('%i, not across solutions', (better, scores, sample) => {
    expect(betterOf(scores, (other) => other !== 3, sample)).toBe(better);
  });
});

describe('update pressure', () => {
  const rows = (scores: readonly (readonly Score[])[], of: (at: number) => Partial<PressureRow>): PressureRow[] =>
    scores.map((own, sample) => ({ sample, group: 0, batch: 0, length: 1, scores: own, ...of(sample) }));
  const trl = frameworks.find(({ id }) => id === 'trl');
  const variant = (id: string): AdvantageVariant | undefined => trl?.advantages.find((one) => one.id === id);
  const held = rows(
    [
      [1, 0],
      [0, 0],
      [1, 1],
      [1, 'none'],
      [0, 1],
      [0, 1],
    ],
    (at) => ({
      group: Math.floor(at / 2),
      batch: Math.floor(at / 4),
    }),
  );
  const of = (weights: readonly number[], id: string): Pressure =>
    pressureOf({ components: ['a', 'b'], rows: held }, weights, variant(id));

  it('weights change totals, advantages and the groups without signal', () => {
    expect(of([1, 1], 'none').groups).toEqual([
      { group: 0, samples: [0, 1], totals: [1, 0], advantages: [0.5, -0.5], degenerate: false },
      { group: 1, samples: [2, 3], totals: [2, 1], advantages: [0.5, -0.5], degenerate: false },
      { group: 2, samples: [4, 5], totals: [1, 1], advantages: [0, 0], degenerate: true },
    ]);
    expect(of([2, 0], 'none').groups.map(({ degenerate }) => degenerate)).toEqual([false, true, true]);
    expect(of([1, 1], 'none').signal.withoutSignal).toBe(1);
  });

  it('a formula over the batch sees its own batch only', () => {
    const alone = pressureOf({ components: ['a', 'b'], rows: held.slice(0, 4) }, [1, 1], variant('batch'));
    expect(of([1, 1], 'batch').groups.slice(0, 2)).toEqual(alone.groups);
  });

  it('without a formula nothing is guessed', () => {
    const [group] = pressureOf({ components: ['a', 'b'], rows: held }, [1, 1], undefined).groups;
    expect(group?.advantages).toEqual([NaN, NaN]);
  });
});
