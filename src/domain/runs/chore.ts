import type { FrameworkId } from '../frameworks/framework';

/**
 * What a field's value stands for beyond its text. `recipe`, `pipeline`: a file here whose content travels. `host`: a
 * target, reached over ssh from here. `checkpoint`, `dataset`, `folder`: helps in choosing it. `reward`: a file here
 * that scores what comes back. `local`: a file here that gets what comes back.
 */
export type FieldKind =
  'recipe' | 'pipeline' | 'host' | 'checkpoint' | 'dataset' | 'folder' | 'model' | 'reward' | 'local';

/** Something that a chore must know. */
export interface ChoreField {
  readonly name: string;
  /** What is asked for, for people. */
  readonly asks: string;
  readonly example: string;
  readonly optional?: true;
  readonly choices?: readonly string[];
  readonly kind?: FieldKind;
  /** Asked for in the terminal only. */
  readonly rare?: true;
}

export type ChoreValues = Readonly<Record<string, string>>;

/** Work around a run that is carried out on a host as a run of its own: previewed, followed and stopped like any. */
export interface Chore {
  readonly id: string;
  readonly title: string;
  readonly framework: FrameworkId;
  readonly fields: readonly ChoreField[];
  /** Modules of ours in `python/grpo_lens` that travel in the command, the program last. */
  readonly scripts?: readonly string[];
  /** It is carried out on this machine: what it does elsewhere goes over ssh. */
  readonly here?: true;
  /** The field that names the file of completions that it writes, which come back and are scored. */
  readonly completions?: string;
  /** The words after the program and its script. */
  words(values: ChoreValues): readonly string[];
}

/** The field's flag and value; nothing where the value is missing. */
export function flag(values: ChoreValues, name: string, option = `--${name}`): readonly string[] {
  const value = values[name];
  return value === undefined || value === '' ? [] : [option, value];
}

/** Flags of several fields, in this order. */
export function flags(values: ChoreValues, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => flag(values, name));
}

/** The words of a field that holds several, parted by spaces. */
export function wordsOf(values: ChoreValues, name: string): readonly string[] {
  return (values[name] ?? '').split(/\s+/).filter((word) => word !== '');
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
