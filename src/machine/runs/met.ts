import * as v from 'valibot';
import type { Disk } from '../disk';
import { wholeText } from './growing';

const gpu = v.object({ name: v.string() });

/** A text that the command reached by name or by import; `copy`: below the attempt's folder, secrets taken out. */
const source = v.object({ path: v.string(), sha256: v.string(), copy: v.string(), reward: v.boolean() });

/** A call such as `SomeConfig(…)` in one of these texts; null stands for what only running would tell. */
const call = v.object({
  path: v.string(),
  call: v.string(),
  line: v.number(),
  settings: v.record(v.string(), v.unknown()),
});

const met = v.object({
  host: v.string(),
  gpus: v.optional(v.array(gpu), []),
  packages: v.optional(v.record(v.string(), v.string()), {}),
  git: v.nullish(
    v.object({
      commit: v.string(),
      branch: v.optional(v.string(), ''),
      changed: v.optional(v.array(v.string()), []),
      /** Characters of what differed from the commit; the text is in `diff.patch`, secrets taken out. */
      diff: v.optional(v.number(), 0),
    }),
  ),
  /** Everything that is installed for the program's own Python; `packages` are those that trainings are made of. */
  installed: v.optional(v.record(v.string(), v.string()), {}),
  /** Names of the variables that the program got. */
  environment: v.optional(v.array(v.string()), []),
  /** The Python that the program became or started. */
  interpreter: v.optional(v.string()),
  sources: v.optional(v.array(source), []),
  from: v.optional(v.array(v.object({ run: v.string(), path: v.string() })), []),
  calls: v.optional(v.array(call), []),
});

/** What an attempt met when it began, as `met.json` tells: host, GPUs, versions of packages, commit of its folder. */
export type Met = v.InferOutput<typeof met>;

/** Undefined as long as it is not written, or cannot be understood. */
export async function metOf(disk: Disk, attempt: string): Promise<Met | undefined> {
  const text = await wholeText(disk, `${attempt}/met.json`);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), met), text);
  return parsed.success ? parsed.output : undefined;
}

/** What the calls of a run's Python gave to its trainer: `GRPOConfig, train.py:12` → its settings, one a line. */
export function callTexts({ calls }: Met): readonly { readonly name: string; readonly text: string }[] {
  return calls.map(({ path, call: name, line, settings }) => ({
    name: `${name}, as written in ${path.split('/').at(-1)}:${line}`,
    text: Object.entries(settings)
      .map(([key, value]) => `${key}: ${value === null ? '(known when it runs)' : JSON.stringify(value)}`)
      .join('\n'),
  }));
}

/** `2 × NVIDIA H200`; each kind once. */
function gpuWords(names: readonly string[]): readonly string[] {
  return [...new Set(names)].map((kind) => {
    const count = names.filter((name) => name === kind).length;
    return count > 1 ? `${count} × ${kind}` : kind;
  });
}

/** The same for a terminal: what each thing is called, and what it was. */
export function metRows(met: Met | undefined): (readonly [string, string])[] {
  if (!met) return [];
  const { git, sources, from, environment, host, gpus, interpreter = '' } = met;
  const packages = Object.entries(met.packages).map(([name, version]) => `${name} ${version}`);
  const commit = git
    ? `${git.commit.slice(0, 12)} ${git.branch}${git.changed.length > 0 ? `, ${git.changed.length} files changed` : ''}`
    : '';
  return [
    ['host', [host, ...gpuWords(gpus.map(({ name }) => name))].join(', ')],
    ['Python', interpreter],
    ['packages', packages.join(', ')],
    ['commit', commit],
    ...sources.map(
      ({ path, sha256, reward }) => [reward ? 'reward' : 'source', `${path} ${sha256.slice(0, 12)}`] as const,
    ),
    ...from.map(({ run, path }) => ['made from', `${run}: ${path}`] as const),
    ['variables', environment.join(' ')],
  ];
}
