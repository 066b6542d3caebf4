import { expect, test } from 'vitest';
import { idealAnswers } from '../../src/domain/dataset/ideal';

test.each<[unknown, string, readonly string[]]>([
  ['3', 'Use <think>…</think> and <answer>…</answer>.', ['<think>The answer is known.</think><answer>3</answer>']],
  ['3', 'Answer in <answer> tags.', ['<answer>3</answer>']],
  ['<answer> 3 </answer>', 'Answer in <answer> tags.', ['<answer> 3 </answer>']],
  ['3', 'Put it into \\boxed{}.', ['\\boxed{3}']],
  [[1, 2], 'End with #### and the number.', ['#### [1,2]']],
])('%j asked for by “%s”', (solution, prompt, expected) => {
  expect(idealAnswers(solution, prompt)).toEqual(expected);
});

test('a prompt that asks for no form leaves all open, the bare solution too', () => {
  const answers = idealAnswers('3', 'How many?');
  expect(answers).toContain('3');
  expect(answers).toContain('\\boxed{3}');
  expect(answers).toContain('<think>The answer is known.</think><answer>3</answer>');
});
