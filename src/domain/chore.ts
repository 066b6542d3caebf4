import type { FrameworkId } from './frameworks/framework';

/** Something that a chore must know. */
export interface ChoreField {
  readonly name: string;
  /** What is asked for, for people. */
  readonly asks: string;
  readonly example: string;
  readonly optional?: true;
  readonly choices?: readonly string[];
}

export type ChoreValues = Readonly<Record<string, string>>;

/** Work around a run that is carried out on a host as a run of its own: previewed, followed and stopped like any. */
export interface Chore {
  readonly id: string;
  readonly title: string;
  readonly framework: FrameworkId;
  readonly fields: readonly ChoreField[];
  /** Name of a one-file script of ours in `python/grpo_lens`, handed to the host with the command. */
  readonly script?: string;
  /** The words after the program and its script. */
  words(values: ChoreValues): readonly string[];
}

/** The field's flag and value; nothing where the value is missing. */
export function flag(values: ChoreValues, name: string, option = `--${name}`): readonly string[] {
  const value = values[name];
  return value === undefined || value === '' ? [] : [option, value];
}

/** A sentence on the first field that is missing or is none of its choices. */
export function wrongField({ fields, title }: Chore, values: ChoreValues): string | undefined {
  for (const { name, asks, optional, choices } of fields) {
    const value = values[name] ?? '';
    if (value === '' && !optional) return `${title} needs --${name}: ${asks}.`;
    if (value !== '' && choices && !choices.includes(value)) return `--${name} is one of ${choices.join(', ')}.`;
  }
  const strange = Object.keys(values).find((name) => !fields.some((field) => field.name === name));
  return strange === undefined ? undefined : `${title} knows no --${strange}.`;
}
