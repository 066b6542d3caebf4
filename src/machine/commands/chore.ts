import { join, resolve } from 'node:path';
import type { Chore, ChoreValues } from '../../domain/runs/chore';
import { chores } from '../../domain/frameworks/chores';
import { folded } from '../../domain/runs/progress';
import type { Run } from '../../domain/runs/run';
import { bringAnswers, scoreAnswers } from '../chores/answers';
import { ending } from '../chores/ending';
import { choreText, choreWish } from '../chores/wish';
import type { Runs } from '../runs/runs';
import { misuse, type Command, type Output } from './command';
import { say } from './launch';
import { withRuns } from './open';

const usage =
  'chore NAME [--FIELD VALUE]… [--target NAME] [--cwd FOLDER] [--python PYTHON] [--preview] [--wait] [--json]';
const SWITCHES = ['preview', 'wait', 'json'];

/** `grpo chore`: downloads, merges and measures on a host, as runs of their own. */
export const choreCommand: Command = {
  name: 'chore',
  usage,
  summary: `starts work around a run: ${chores.map(({ id }) => id).join(', ')}`,
  run: ([name, ...args], output) =>
    withRuns(output, async (runs) => {
      const chore = chores.find(({ id }) => id === name);
      if (!chore) throw misuse(usage, `${named(name)}; chores are ${chores.map(({ id }) => id).join(', ')}`);
      const { target = 'here', cwd, python = 'python3', preview, wait, json, ...values } = optionsOf(args);
      const home = join(output.root, 'python');
      const folder = cwd ?? (target === 'here' ? process.cwd() : '~');
      const wish = await choreWish(chore, values, { target, cwd: folder, python, home });
      if (preview !== undefined) {
        output.print(choreText(chore, wish));
        return 0;
      }
      const started = await runs.launch(wish);
      say(started, json !== undefined, output);
      return wait === undefined ? 0 : waited({ runs, run: started.run, chore, values, python }, output);
    }),
};

function named(word: string | undefined): string {
  return word === undefined || word.startsWith('-') ? 'A chore is needed' : `There is no chore "${word}"`;
}

interface Waiting {
  readonly runs: Runs;
  readonly run: Run;
  readonly chore: Chore;
  readonly values: ChoreValues;
  readonly python: string;
}

/** Prints the log to its end; what a model has answered comes back, with the scores of the reward file that was named. */
async function waited({ runs, run, chore, values, python }: Waiting, output: Output): Promise<number> {
  const end = await ending(runs, run, (lines) => lines.forEach((line) => output.print(folded(line))));
  if (end.state !== 'succeeded') {
    output.note(`${end.id}: ${end.state}`);
    return 1;
  }
  if (chore.completions === undefined) return 0;
  const file = await bringAnswers(runs, end, values['save'] ?? '');
  const reward = values['reward'] ?? '';
  const home = join(output.root, 'python');
  const interpreter = process.env['GRPO_LENS_PYTHON'] ?? (run.target === 'here' ? python : 'python3');
  const said =
    reward === '' ? [] : await scoreAnswers(file, { rewardFile: resolve(reward), python: interpreter, home });
  output.print([...said, `Completions: ${file}`].join('\n'));
  return 0;
}

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
