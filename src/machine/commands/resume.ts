import { resumedCommand } from '../../domain/frameworks/resume';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/run';
import type { Launch, Wish } from '../../domain/launch';
import { REDACTED } from '../../domain/secret';
import { lastCheckpoint } from '../checkpoints';
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
      const checkpoint = launch.outputs === undefined ? undefined : await lastCheckpoint(runs, run, launch.outputs);
      const command = [...resumedCommand(launch.framework, launch.command, checkpoint), ...more];
      say(await runs.resume(run, wishOf(launch, command)), values.json ?? false, output);
      return 0;
    }),
};

function launchOf(run: Run): Launch {
  if (!run.launch) {
    const why = run.locked ?? `${run.name} was not started by GRPO Lens, so its command is not known: launch it anew.`;
    throw new Problem({ code: 'unsupported', message: why });
  }
  if (!run.launch.command.some((word) => word.includes(REDACTED))) return run.launch;
  const message = 'The command held a secret, which is kept nowhere: launch it anew with the whole command.';
  throw new Problem({ code: 'missing', message });
}

/** The wish that a launch came from, with another command; its secrets are asked for again. */
function wishOf(launch: Launch, command: readonly string[]): Wish {
  const { name, framework, cwd, target, outputs } = launch;
  const env = { ...launch.env, ...secretsFromEnvironment(launch.secrets) };
  return { name, framework, cwd, target, command, env, ...(outputs === undefined ? {} : { outputs }) };
}
