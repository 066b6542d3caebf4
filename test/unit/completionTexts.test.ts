import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/domain/rollouts/rollout';
import { boxesIn, boxesOfColumns, inPixels } from '../../src/domain/rollouts/boxes';
import { brushed } from '../../src/domain/rollouts/brush';
import { cutAtMarks, marksOf } from '../../src/domain/rollouts/marks';
import { patternsOf } from '../../src/domain/rewards/rewardPatterns';
import { specialTokens, withoutSpecialTokens } from '../../src/domain/rollouts/specialTokens';

/** A table of inputs and what is expected of them. */
function check<T>(name: string, run: (input: string) => T, cases: Readonly<Record<string, T>>): void {
  it.each(Object.entries(cases))(`${name}: %s`, (input, expected) => expect(run(input)).toEqual(expected));
}

check(
  'patterns of a reward',
  (text: string) => patternsOf(text).map(({ source, flags, line }) => `${line} /${source}/${flags}`),
  {
    "re.search(r'<answer>(.*?)</answer>', text)": ['1 /<answer>(.*?)</answer>/'],
    'x = 1\nre.fullmatch(r"(?P<a>\\d+) (?P=a)\\Z", t, re.DOTALL | re.I)': ['2 /(?<a>\\d+) \\k<a>$/si'],
    're.compile("""a\nb""")': ['1 /a\nb/'],
    "re.search(r'(?(1)a|b)', t)": [],
    're.search(pattern, t)': [],
  },
);

check('special tokens', (text: string) => [specialTokens(text), withoutSpecialTokens(text)], {
  'a<|im_end|>\n</s>b': [2, 'a\nb'],
  '<think>a | b</think>': [0, '<think>a | b</think>'],
  '[INST]x[/INST]': [2, 'x'],
});

check('boxes of a completion', (text: string) => boxesIn(text).map(({ x1, y2, unit }) => [x1, y2, unit]), {
  '[{"bbox_2d": [10, 20, 30, 40], "label": "x"}]': [[10, 40, 'pixel']],
  '<|box_start|>(100,200),(300,400)<|box_end|>': [[100, 400, 'thousandth']],
  'bbox: [0.1, 0.2, 0.3, 0.4]': [[0.1, 0.4, 'fraction']],
  '<answer>[[1,2,3,4]]</answer>': [[1, 4, 'pixel']],
  'the list [4, 3, 2, 1]': [],
  '{"bbox_2d": [30, 20, 10, 40]}': [],
});

check('a brush in a query', (query: string) => brushed(query, { step: [1.23456, 20], r: [0, 1] }), {
  '': 'step>=1.235 step<=20 r>=0 r<=1',
  'text~a sort:-len': 'text~a step>=1.235 step<=20 r>=0 r<=1 sort:-len',
  'step>=5 step<=6 r<1 len>3': 'len>3 step>=1.235 step<=20 r>=0 r<=1',
});

describe('marks of a text', () => {
  it('are its tags and what patterns match, and joined it is the text again', () => {
    const text = '<answer> 3 </answer> x';
    const pieces = cutAtMarks(text, marksOf(text, [{ source: '<answer>.*?</answer>', flags: '', from: 'r.py:1' }]));
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    expect(pieces.filter(({ tag }) => tag).map((piece) => piece.text)).toEqual(['<answer>', '</answer>']);
    expect(pieces.filter(({ matches }) => matches.length > 0).map((piece) => piece.text)).toEqual([
      '<answer>',
      ' 3 ',
      '</answer>',
    ]);
  });

  it('are bounded, and empty matches are none', () => {
    expect(marksOf('x'.repeat(50_000), [{ source: 'x', flags: '', from: '' }])).toEqual([]);
    expect(marksOf('<a>'.repeat(1000), [])).toHaveLength(400);
    expect(marksOf('abc', [{ source: 'x*', flags: '', from: '' }])).toEqual([]);
  });

  it('has boxes in pixels, whatever they were told in', () => {
    expect(
      boxesOfColumns({
        bbox: textOf([16, 16, 60, 60]),
        boxes: textOf([
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ]),
      }),
    ).toHaveLength(3);
    const [box] = boxesOfColumns({ solution: '[0.5, 0.5, 1, 1]', note: '[1,2,3,4]' });
    expect(box && inPixels(box, { width: 200, height: 100 })).toEqual({
      x1: 100,
      y1: 50,
      x2: 200,
      y2: 100,
      unit: 'pixel',
    });
  });
});
