import { expect, it } from 'vitest';
import { sampleLines } from '../../src/domain/rewards/notebookSamples';

it('samples go to a notebook as lines, as messages where the reward gets such', () => {
  const columns = { prompt: ['p', 'q'], completion: ['a', 'b'], solution: [1, 2] };
  expect(sampleLines(columns, [1], { conversational: false })).toBe('{"prompt":"q","completion":"b","solution":2}\n');
  expect(JSON.parse(sampleLines(columns, [0], { conversational: true }))).toEqual({
    prompt: [{ role: 'user', content: 'p' }],
    completion: [{ role: 'assistant', content: 'a' }],
    solution: 1,
  });
  expect(sampleLines(columns, [], { conversational: true })).toBe('');
});
