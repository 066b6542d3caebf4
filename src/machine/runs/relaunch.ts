import { resumedCommand } from '../../domain/frameworks/resume';
import { INPUTS, type Copied, type Input, type Launch, type Wish } from '../../domain/runs/launch';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { REDACTED } from '../../domain/secret';
import { lastCheckpoint } from './checkpoints';
import type { Runs } from './runs';
import { namesOf } from './script';
import { wholeFile } from './wholeFile';

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

/** The wish for one more run like this one: with the copies of its inputs, which its command may read. */
export async function againWish(
  runs: Runs,
  run: Run,
  command: readonly string[],
  secrets: Readonly<Record<string, string>>,
): Promise<Wish> {
  const launch = launchOf(run);
  const reads = command.some((word) => word.includes(INPUTS));
  const names = namesOf(launch.inputs);
  const copies = launch.inputs.map((copied, at) => copyOf(runs, run, { copied, name: names[at] ?? '', reads }));
  return {
    ...wishOf(launch, command, secrets),
    inputs: (await Promise.all(copies)).filter((copy) => copy !== undefined),
  };
}

/** A copy as it lies in the run's folder. Throws a `Problem` where the command reads it and it is not as it was. */
async function copyOf(
  runs: Runs,
  run: Run,
  { copied, name, reads }: { readonly copied: Copied; readonly name: string; readonly reads: boolean },
): Promise<Input | undefined> {
  const bytes = await wholeFile(runs, run, `${run.folder}/inputs/${name}`);
  if (reads && bytes?.length !== copied.bytes) {
    const why = bytes ? 'held a secret, which is kept nowhere' : 'is not there any more';
    throw new Problem({ code: 'missing', message: `${name} ${why}: launch the run anew from its file.` });
  }
  return bytes && { path: copied.path, text: bytes.toString('utf8') };
}

/** The command that goes on from the run's last checkpoint, by the framework's own way. */
export async function resumingCommand(runs: Runs, run: Run): Promise<readonly string[]> {
  const launch = launchOf(run);
  const checkpoint = launch.outputs === undefined ? undefined : await lastCheckpoint(runs, run, launch.outputs);
  return resumedCommand(launch.framework, launch.command, checkpoint);
}
