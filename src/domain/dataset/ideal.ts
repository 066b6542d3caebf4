/** A form in which prompts ask for an answer; the sign in the prompt that asks for it. */
interface AnswerForm {
  readonly sign: RegExp;
  write(answer: string): string;
}

const FORMS: readonly AnswerForm[] = [
  { sign: /<answer>/, write: (answer) => (answer.includes('<answer>') ? answer : `<answer>${answer}</answer>`) },
  { sign: /\\boxed/, write: (answer) => (answer.includes('\\boxed') ? answer : `\\boxed{${answer}}`) },
  { sign: /####/, write: (answer) => (answer.includes('####') ? answer : `#### ${answer}`) },
];

const THOUGHT = 'The answer is known.';

/**
 * Ideal answers to a prompt: the solution in the forms that the prompt asks for, with reasoning before it where the
 * prompt asks for that. Where it asks for none, every form and the bare solution are ideal: one of them must do.
 */
export function idealAnswers(solution: unknown, prompt: string): readonly string[] {
  const text = typeof solution === 'string' ? solution : JSON.stringify(solution);
  const asked = FORMS.filter(({ sign }) => sign.test(prompt));
  const thinks = /<think>/.test(prompt);
  if (asked.length > 0) return asked.map((form) => thought(form.write(text), thinks));
  const all = FORMS.flatMap((form) => [thought(form.write(text), true), form.write(text)]);
  return [...new Set([...all, text])];
}

function thought(answer: string, thinks: boolean): string {
  return !thinks || answer.includes('<think>') ? answer : `<think>${THOUGHT}</think>${answer}`;
}
