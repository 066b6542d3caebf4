import { launchOf, resumingCommand, wishOf } from '../runs/relaunch';
import { misuse, parse, type Command } from './command';
import { say } from './launch';
import { secretsFromEnvironment, withRuns } from './open';

const usage = 'resume RUN [--json] [-- MORE…]';

/** `grpo resume`: one more attempt of a run, from its last checkpoint by the framework's own way. */
export const resumeCommand: Command = {
  name: 'resume',
  usage,
  summary: 'starts a run once more, from its last checkpoint',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { values, positionals } = parse(usage, args, { json: { type: 'boolean' } });
      const [word, ...more] = positionals;
      if (word === undefined) throw misuse(usage, 'A run is needed');
      const run = await runs.find(word);
      const launch = launchOf(run);
      const command = [...(await resumingCommand(runs, run)), ...more];
      const wish = wishOf(launch, command, secretsFromEnvironment(launch.secrets));
      say(await runs.resume(run, wish), values.json ?? false, output);
      return 0;
    }),
};
