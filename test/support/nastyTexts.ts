import { dice } from './dice';

const PARTS = [
  ...[
    'How many',
    ' objects',
    "don't",
    "WE'LL",
    ' x',
    '12345',
    ' 3.14',
    '\n',
    '\r\n',
    '\n\n\n',
    '   ',
    '\t',
    ' \n ',
    '！',
    '中文',
    'かな',
  ],
  ...[
    'e\u0301',
    'é',
    'ﬁ',
    '👩‍👩‍👧',
    '🇩🇪',
    '\u200b',
    '\ufeff',
    '\u00a0',
    'ß',
    'ſ',
    'K',
    '²',
    '½',
    'Ⅷ',
    '٣',
    '…',
    '—',
    '_',
    '__init__',
  ],
  ...[
    '<think>',
    '</answer>',
    '<|im_start|>',
    '<|image_pad|>',
    '<|im_end|>x',
    '<|im',
    '{"a": [1, 2]}',
    '\\frac{1}{2}',
    '$$',
    '#',
    '\u0000',
    '\u2028',
    'ا',
    'ह',
    'ि',
    '\ud83d\ude00',
  ],
];

/** 2,000 texts of whatever tokenizers stumble over, the same in every run. */
export function nastyTexts(): readonly string[] {
  const roll = dice(20261121);
  return Array.from({ length: 2000 }, () => Array.from({ length: roll(12) }, () => PARTS[roll(PARTS.length)]).join(''));
}
