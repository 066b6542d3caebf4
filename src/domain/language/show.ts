import type { Value } from '../config/parameter';

/** A value for people, short: `"grpo"`, `1e-6`, `["a", "b"]`. */
export function show(value: Value | undefined): string {
  if (value === undefined) return 'unknown';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `a, b or c`. */
export function showChoices(choices: readonly string[]): string {
  if (choices.length > 12) return `${choices.slice(0, 10).join(', ')} or ${choices.length - 10} others`;
  if (choices.length < 2) return choices.join('');
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}
