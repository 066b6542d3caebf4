import type { Chore } from '../../domain/runs/chore';
import { chores } from '../../domain/frameworks/chores';
import type { Command } from './command';
import { optionWords } from './optionWords';
import { columns } from './words';

const ASKING = ['--help', '-h'];

/** Whether the words before `--` ask for help; what stands behind it belongs to somebody else's command. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((word) => ASKING.includes(word));
}

/** Every verb with its one line. */
export function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => [`  grpo ${name}`, summary]);
  return ['GRPO Lens on the command line', '', columns(lines), '', '`grpo VERB --help` tells more.'].join('\n');
}

/** A verb's usages and what its options are for; of a chore that is named, what it asks for. */
export function helpOf({ name, summary, usage, usages = [usage] }: Command, args: readonly string[]): string {
  const chore = name === 'chore' ? chores.find(({ id }) => id === args[0]) : undefined;
  if (chore) return choreHelp(chore);
  const chosen = usages.filter((one) => one.split(' ')[1] === args[0]);
  const shown = chosen.length > 0 ? chosen : usages;
  return [
    `grpo ${name}: ${summary}`,
    '',
    ...shown.map((one) => `  grpo ${one.replaceAll(/\s*\[--[a-z][^\]]*\]…?/g, '').trim()}`),
    '',
    columns(optionsOf(shown).map((option) => [`  ${option}`, meaning(name, option)])),
  ].join('\n');
}

function choreHelp({ id, title, fields }: Chore): string {
  const rows = fields.map(({ name, asks, example, optional, choices }) => [
    `  --${name}`,
    `${asks}${choices ? ` (${choices.join(', ')})` : example === '' ? '' : ` (${example})`}${optional ? ', optional' : ''}`,
  ]);
  return [`grpo chore ${id}: ${title.replace(/…$/, '')}`, '', columns(rows)].join('\n');
}

/** The options of usages, each once, with the word for its value. */
function optionsOf(usages: readonly string[]): readonly string[] {
  const found = usages.flatMap((usage) => [
    ...usage.matchAll(/--[a-z][\w-]*(?:[ =](?!\|)[^\s\]|[]+(?:\|[^\s\]]+)*)?/g),
  ]);
  const byName = new Map(found.map(([option]) => [nameOf(option), option]));
  return [...byName.values()];
}

function nameOf(option: string): string {
  return option.split(/[ =]/)[0] ?? option;
}

function meaning(verb: string, option: string): string {
  const name = nameOf(option);
  return optionWords[`${verb} ${name}`] ?? optionWords[name] ?? '';
}
