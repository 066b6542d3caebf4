import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { Problem } from '../../domain/problem';

const resources = v.object({
  partition: v.optional(v.string()),
  nodes: v.optional(v.number()),
  gpus: v.optional(v.string()),
  cpus: v.optional(v.number()),
  memory: v.optional(v.string()),
  time: v.optional(v.string()),
  account: v.optional(v.string()),
  qos: v.optional(v.string()),
  more: v.optional(v.array(v.string())),
});

const target = v.object({
  /** The host in the user's ssh settings; absent for this machine. */
  ssh: v.optional(v.string()),
  /** Python for `host.py` there. */
  python: v.optional(v.string()),
  /** Shell lines that come first in every script, such as the activation of an environment. */
  setup: v.optional(v.string()),
  /** Where runs are kept on the host, instead of `~/.grpo-lens`. */
  home: v.optional(v.string()),
  /** The only way to let go of a run that shall be used: `systemd`, `tmux` or `setsid`. */
  detach: v.optional(v.picklist(['systemd', 'tmux', 'setsid'])),
  /** Who starts its runs, instead of the host itself. */
  scheduler: v.optional(v.object({ name: v.picklist(['slurm', 'ray']), address: v.optional(v.string()) })),
  /** What that scheduler is asked for where a launch says nothing. */
  resources: v.optional(resources),
});

/** A place to run, as `targets.json` describes it. */
export type TargetSettings = v.InferOutput<typeof target>;

const file = v.object({ form: v.literal(1), targets: v.record(v.string(), target) });

/** The folder that the editor and the command line share: `GRPO_LENS_HOME`, else `~/.grpo-lens`. */
export function lensHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.GRPO_LENS_HOME ?? join(homedir(), '.grpo-lens');
}

export function targetsFile(home = lensHome()): string {
  return join(home, 'targets.json');
}

/** All targets by name; `here` is always among them. Throws a `Problem` where the file cannot be understood. */
export async function readTargets(home = lensHome()): Promise<Readonly<Record<string, TargetSettings>>> {
  const path = targetsFile(home);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(path, error.message);
  });
  return { here: {}, ...(text === undefined ? {} : parsed(path, text)) };
}

/** What is known of that name. Throws a `Problem` that lists the names where there is none of it. */
export function targetOf(name: string, known: Readonly<Record<string, TargetSettings>>): TargetSettings {
  const settings = Object.hasOwn(known, name) ? known[name] : undefined;
  if (settings) return settings;
  const names = Object.keys(known).join(', ');
  throw new Problem({
    code: 'missing',
    message: `There is no target "${name}" (there are: ${names}).`,
    remedy: 'edit-target',
  });
}

/** Adds a target, or changes what is named of one. */
export async function writeTarget(name: string, settings: TargetSettings, home = lensHome()): Promise<void> {
  const { here = {}, ...others } = await readTargets(home);
  const known: Readonly<Record<string, TargetSettings>> = {
    ...(Object.keys(here).length === 0 ? {} : { here }),
    ...others,
  };
  const path = targetsFile(home);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}`;
  const targets = { ...known, [name]: changed(known[name], settings) };
  await writeFile(aside, `${JSON.stringify({ form: 1, targets }, null, 2)}\n`, { mode: 0o600 });
  await rename(aside, path);
}

function changed(before: TargetSettings = {}, { resources, ...settings }: TargetSettings): TargetSettings {
  const asked = { ...before.resources, ...resources };
  return { ...before, ...settings, ...(Object.keys(asked).length === 0 ? {} : { resources: asked }) };
}

function parsed(path: string, text: string): Record<string, TargetSettings> {
  try {
    return v.parse(file, JSON.parse(text)).targets;
  } catch (error) {
    const place = v.isValiError(error) ? `${v.getDotPath(error.issues[0]) ?? 'the file'}: ` : '';
    throw unreadable(path, place + (error instanceof Error ? error.message : String(error)));
  }
}

function unreadable(path: string, detail: string): Problem {
  const message = `${path} could not be understood: mend it or move it away.`;
  return new Problem({ code: 'bad-input', message, detail, remedy: 'edit-target' });
}
