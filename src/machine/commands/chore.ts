import { join } from 'node:path';
import { chores } from '../../domain/frameworks/chores';
import { choreText, choreWish } from '../chores';
import { misuse, type Command } from './command';
import { say } from './launch';
import { withRuns } from './open';

const usage = 'chore NAME [--FIELD VALUE]… [--target NAME] [--cwd FOLDER] [--python PYTHON] [--preview] [--json]';
const SWITCHES = ['preview', 'json'];

/** `grpo chore`: downloads, merges and measures on a host, as runs of their own. */
export const choreCommand: Command = {
  name: 'chore',
  usage,
  summary: `starts work around a run: ${chores.map(({ id }) => id).join(', ')}`,
  run: ([name, ...args], output) =>
    withRuns(output, async (runs) => {
      const chore = chores.find(({ id }) => id === name);
      if (!chore) throw misuse(usage, `Chores are ${chores.map(({ id }) => id).join(', ')}`);
      const { target = 'here', cwd, python = 'python3', preview, json, ...values } = optionsOf(args);
      const home = join(output.root, 'python');
      const folder = cwd ?? (target === 'here' ? process.cwd() : '~');
      const wish = await choreWish(chore, values, { target, cwd: folder, python, home });
      if (preview !== undefined) output.print(choreText(chore, wish));
      else say(await runs.launch(wish), json !== undefined, output);
      return 0;
    }),
};

/** `--name value` pairs, whatever the names: which ones a chore knows, it says itself. */
function optionsOf(args: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {};
  for (let at = 0; at < args.length; at++) {
    const [, name, joined] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(args[at] ?? '') ?? [];
    if (name === undefined) throw misuse(usage, `"${args[at] ?? ''}" is no option`);
    const value = joined ?? (SWITCHES.includes(name) ? '' : args[++at]);
    if (value === undefined) throw misuse(usage, `--${name} needs a value`);
    options[name] = value;
  }
  return options;
}
