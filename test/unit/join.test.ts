import { describe, expect, it } from 'vitest';
import { agreed, PromptJoin } from '../../src/domain/rollouts/join';
import type { RawRecord } from '../../src/domain/rollouts/rollout';

const chat = (content: unknown, rest: RawRecord = {}): RawRecord => ({ prompt: [{ role: 'user', content }], ...rest });

describe('join by prompt', () => {
  const sums = [chat('2 + 2?', { solution: '4' }), chat('12 + 21?', { solution: '33' })];
  const cases: [string, RawRecord[], string, unknown][] = [
    ['text as it is', [{ prompt: 'How many?', solution: 1 }], 'How many?', 1],
    ['ChatML without its special tokens', sums, 'user\n2 + 2?\nassistant\n', '4'],
    ['a system prompt that the template added', sums, 'system\nYou are kind.\nuser\n12 + 21?\nassistant\n', '33'],
    ['Llama 3', sums, 'user\n\n2 + 2?assistant\n\n', '4'],
    ['Gemma', sums, 'user\n2 + 2?\nmodel\n', '4'],
    [
      'a number is not found inside another',
      [chat('2 + 2', { solution: '4' })],
      'user\n12 + 21\nassistant\n',
      undefined,
    ],
    [
      'parts of a picture prompt',
      [chat([{ type: 'image' }, { type: 'text', text: 'Count.' }], { solution: 3 })],
      'user\nCount.\nassistant\n',
      3,
    ],
    ['nothing like it', sums, 'user\nElse?\nassistant\n', undefined],
    [
      'two solutions for one prompt',
      [chat('Q', { solution: 1 }), chat('Q', { solution: 2 })],
      'user\nQ\nassistant\n',
      undefined,
    ],
    ['two records that agree', [chat('Q', { solution: 1 }), chat('Q', { solution: 1 })], 'user\nQ\nassistant\n', 1],
    [
      'messages of ms-swift',
      [
        {
          messages: [
            { role: 'user', content: 'Q' },
            { role: 'assistant', content: 'A' },
          ],
          solution: 5,
        },
      ],
      'user\nQ\nassistant\n',
      5,
    ],
  ];
  it.each(cases)('%s', (_name, records, prompt, solution) => {
    expect(agreed(new PromptJoin(records).find(prompt), 'solution')).toBe(solution);
  });

  it('knows its columns and whether it holds messages', () => {
    expect(new PromptJoin(sums)).toMatchObject({ columns: ['solution'], conversational: true });
    expect(new PromptJoin([{ prompt: 'text', level: 1 }])).toMatchObject({ columns: ['level'], conversational: false });
  });
});
