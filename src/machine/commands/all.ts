import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Output } from './command';
import { Problem } from '../../domain/problem';
import { adoptCommand } from './adopt';
import { configCommand } from './config';
import { choreCommand } from './chore';
import { dataCommand } from './data';
import { followCommand } from './follow';
import { asksForHelp, helpOf, overview } from './help';
import { launchCommand } from './launch';
import { lintCommand } from './lint';
import { newCommand } from './new';
import { resumeCommand } from './resume';
import { runsCommand } from './runs';
import { scoreCommand } from './score';
import { showCommand } from './show';
import { stopCommand } from './stop';
import { targetCommand } from './target';

/** Every verb of `grpo`, in the order of the help. */
const commands: readonly Command[] = [
  lintCommand,
  configCommand,
  scoreCommand,
  launchCommand,
  runsCommand,
  followCommand,
  stopCommand,
  resumeCommand,
  showCommand,
  adoptCommand,
  targetCommand,
  dataCommand,
  choreCommand,
  newCommand,
];

/** Runs `grpo ARGS…`: the exit status is the verb's own, 2 for a problem (with `--json` said so too), and for no verb at all. */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  if (args[0] === '--version') {
    output.print(versionOf(output));
    return 0;
  }
  const [name, ...rest] = args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : args;
  const command = commands.find((known) => known.name === name);
  if (!command) return help(name, output);
  if (asksForHelp(rest)) {
    output.print(helpOf(command, rest));
    return 0;
  }
  try {
    return await command.run(rest, output);
  } catch (error) {
    if (!(error instanceof Problem)) return bug(command.name, error, output);
    const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (own.includes('--json')) output.print(JSON.stringify({ problem: error.record }));
    output.note(`grpo ${command.name}: ${error.message}`);
    if (error.detail !== undefined) output.note(error.detail);
    return 2;
  }
}

function versionOf({ root }: Output): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;
}

/** We were wrong: one sentence, and what is needed to mend it. */
function bug(verb: string, error: unknown, { note }: Output): number {
  note(`grpo ${verb}: Something went wrong inside GRPO Lens: please report it with the lines below.`);
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 2;
}

function help(name: string | undefined, output: Output): number {
  const asked = name === undefined || ['help', '--help', '-h'].includes(name);
  if (!asked) output.note(`grpo: there is no command "${name}".`);
  (asked ? output.print : output.note)(overview(commands));
  return name === undefined || !asked ? 2 : 0;
}
