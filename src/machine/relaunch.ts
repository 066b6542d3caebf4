import { resumedCommand } from '../domain/frameworks/resume';
import type { Launch, Wish } from '../domain/launch';
import { Problem } from '../domain/problem';
import type { Run } from '../domain/run';
import { REDACTED } from '../domain/secret';
import { lastCheckpoint } from './checkpoints';
import type { Runs } from './runs';

/** The launch of a run, as it can be carried out again. Throws a `Problem` where it is not known, or held a secret. */
export function launchOf(run: Run): Launch {
  if (!run.launch) {
    const why = run.locked ?? `${run.name} was not started by GRPO Lens, so its command is not known: launch it anew.`;
    throw new Problem({ code: 'unsupported', message: why });
  }
  if (!run.launch.command.some((word) => word.includes(REDACTED))) return run.launch;
  const message = 'The command held a secret, which is kept nowhere: launch it anew with the whole command.';
  throw new Problem({ code: 'missing', message });
}

/** The wish that a launch came from, with another command; `secrets` are asked for again, since they stand nowhere. */
export function wishOf(launch: Launch, command: readonly string[], secrets: Readonly<Record<string, string>>): Wish {
  const { name, framework, cwd, target, outputs, resources, record = false } = launch;
  const env = { ...launch.env, ...secrets };
  const known = { ...(outputs === undefined ? {} : { outputs }), ...(resources === undefined ? {} : { resources }) };
  return { name, framework, cwd, target, command, env, record, ...known };
}

/** The command that goes on from the run's last checkpoint, by the framework's own way. */
export async function resumingCommand(runs: Runs, run: Run): Promise<readonly string[]> {
  const launch = launchOf(run);
  const checkpoint = launch.outputs === undefined ? undefined : await lastCheckpoint(runs, run, launch.outputs);
  return resumedCommand(launch.framework, launch.command, checkpoint);
}
