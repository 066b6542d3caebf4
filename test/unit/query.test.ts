import { describe, expect, it } from 'vitest';
import { parseQuery, type Clause, type QueryNames, type SortKey } from '../../src/domain/rollouts/query';
import { suggestQuery } from '../../src/domain/rollouts/querySuggest';

const names: QueryNames = {
  numbers: [
    'row',
    'step',
    'group',
    'advantage',
    'total',
    'len',
    'accuracy_reward',
    'format_reward',
    'group.std',
    'accuracy_reward.std',
  ],
  texts: ['solution'],
  flags: ['truncated', 'no-signal'],
};
const number = (column: string, operator: string, value: number): Clause =>
  ({ kind: 'number', column, operator, value }) as Clause;

describe('query', () => {
  const cases: [string, Clause[]][] = [
    ['step>100', [number('step', '>', 100)]],
    ['accuracy=0 format>=0.5', [number('accuracy_reward', '=', 0), number('format_reward', '>=', 0.5)]],
    ['-step>100', [number('step', '<=', 100)]],
    ['group.std=0 accuracy.std<1e-3', [number('group.std', '=', 0), number('accuracy_reward.std', '<', 0.001)]],
    ['advantage=-inf', [number('advantage', '=', -Infinity)]],
    ['accuracy=nan', [{ kind: 'word', column: 'accuracy_reward', word: 'nan', is: true }]],
    ['accuracy!=none', [{ kind: 'word', column: 'accuracy_reward', word: 'none', is: false }]],
    [
      'flag:truncated -flag:no-signal',
      [
        { kind: 'flag', flag: 'truncated', has: true },
        { kind: 'flag', flag: 'no-signal', has: false },
      ],
    ],
    ['text~"wait, no"', [{ kind: 'text', column: 'text', has: true, needle: 'wait, no' }]],
    ['text~"/aha/"', [{ kind: 'text', column: 'text', has: true, needle: /aha/ }]],
    ['text~/a\\sb/i', [{ kind: 'text', column: 'text', has: true, needle: /a\sb/i }]],
    ['prompt!~cube', [{ kind: 'text', column: 'prompt', has: false, needle: 'cube' }]],
    [
      'solution="<answer> 3 </answer>"',
      [{ kind: 'text', column: 'solution', has: true, needle: '<answer> 3 </answer>' }],
    ],
    ['"a \\"quoted\\" word"', [{ kind: 'text', has: true, needle: 'a "quoted" word' }]],
    [
      'hm -cube',
      [
        { kind: 'text', has: true, needle: 'hm' },
        { kind: 'text', has: false, needle: 'cube' },
      ],
    ],
    ['', []],
  ];
  it.each(cases)('%s', (text, clauses) => {
    expect(parseQuery(text, names)).toEqual({ clauses, sort: [], findings: [] });
  });

  const sorts: [string, SortKey[]][] = [
    ['sort:-advantage', [{ column: 'advantage', down: true }]],
    [
      'sort:step,-len',
      [
        { column: 'step', down: false },
        { column: 'len', down: true },
      ],
    ],
    ['sort:-acc', [{ column: 'accuracy_reward', down: true }]],
  ];
  it.each(sorts)('%s', (text, sort) => {
    expect(parseQuery(text, names)).toEqual({ clauses: [], sort, findings: [] });
  });

  const wrong: [string, string, RegExp][] = [
    ['step>100 acuracy=0', 'acuracy', /There is no column "acuracy"/],
    ['step>many', 'many', /"many" is no number/],
    ['a=1', 'a', /could be advantage or accuracy_reward/],
    ['flag:long', 'long', /There is no flag "long"/],
    ['order:len', 'order', /neither/],
    ['step~1', 'step', /no column of text/],
    ['text~"open', '"open', /not closed/],
    ['text~/(/', '/(/', /cannot be read/],
    ['text~', ' ', /missing/],
    ['text<5', 'text', /is text/],
    ['accuracy>nan', 'nan', /neither more nor less/],
    ['sort:len,foo', 'foo', /There is no column "foo"/],
  ];
  it.each(wrong)('%s points at %s', (text, at, message) => {
    const { findings } = parseQuery(text, names);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(`${text} `.slice(finding?.start, finding?.end)).toBe(at);
    expect(finding?.text).toMatch(message);
  });

  const suggested: [string, string[]][] = [
    ['acc|', ['accuracy_reward=', 'accuracy_reward.std=']],
    ['flag:t|', ['truncated']],
    ['-flag:|', ['truncated', 'no-signal']],
    ['step>1 sort:-ad|', ['advantage']],
    ['sort:len,-st|', ['step']],
    ['fo| step=1', ['format_reward=']],
  ];
  it.each(suggested)('suggests at %s', (text, expected) => {
    const caret = text.indexOf('|');
    expect(suggestQuery(text.replace('|', ''), caret, names).map((each) => each.text)).toEqual(expected);
  });
});
