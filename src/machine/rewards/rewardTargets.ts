import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { frameworks } from '../../domain/frameworks/which';
import { builtInFiles } from '../../domain/frameworks/rewards';
import { Problem } from '../../domain/problem';
import { misuses } from '../../domain/rewards/rewardUse';
import { fileOf, usesIn, type FoundUse } from './rewardUses';
import type { Rewards } from './rewards';
import { sourceOf } from './versions';

/** Which rewards are wanted: a file, a framework's own by its name, or those that a configuration names. */
interface Wanted {
  readonly path?: string;
  readonly name?: string;
  readonly config?: string;
}

/** What is around the search: the folder of the extension as it is installed, and who hears remarks. */
export interface Around {
  readonly root: string;
  note(text: string): void;
}

/** A file of rewards with those that are wanted, and what a configuration gives them. */
export interface Target {
  readonly path: string;
  /** By any of their names; undefined: all of the file. */
  readonly names?: readonly string[];
  readonly keywords?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The files of the rewards that are wanted. Errors: `missing`, and those of Python. */
export async function targetsOf(asked: Wanted, python: Rewards, around: Around): Promise<Target[]> {
  const { config, path, name } = asked;
  const given = path === undefined ? [] : [targetOf(path, name, around)];
  if (config === undefined) return given;
  const uses = await usesIn(config);
  if (uses.length === 0) throw new Problem({ code: 'missing', message: `${config} names no rewards.` });
  if (path === undefined) return (await Promise.all(uses.map((use) => named(use, python, around)))).flat();
  const use = uses[0]?.use;
  return given.map((target) => (use ? { ...target, keywords: use.keywords, settings: use.settings } : target));
}

/** `accuracy`, where no file is called so, is the reward that a framework knows by this name. */
function targetOf(path: string, name: string | undefined, around: Around): Target {
  const word = name ?? path.split(/[\\/]/).at(-1) ?? '';
  const built = existsSync(path) ? undefined : builtInOf(word, around);
  return built ?? { path, ...(name === undefined ? {} : { names: [name] }) };
}

function builtInOf(name: string, { root }: Around): Target | undefined {
  for (const { id } of frameworks) {
    const held = builtInFiles[id];
    if (held?.names.includes(name)) return { path: join(root, 'python', 'grpo_lens', held.file), names: [name] };
  }
  return undefined;
}

async function named({ config, use }: FoundUse, python: Rewards, around: Around): Promise<Target[]> {
  const { keywords, settings, names = [] } = use;
  const files = await Promise.all(
    use.files.map(async (file) => (await fileOf(file, config)) ?? lost(file, config, around)),
  );
  const targets: Target[] = [];
  for (const path of files.flatMap((file) => file ?? [])) {
    const { rewards } = await python.find(await sourceOf(path), path);
    if (use.files.length === 1) for (const { text } of misuses(use, config, rewards)) around.note(text);
    const own = names.filter((name) => rewards.some((one) => one.name === name || one.registered.includes(name)));
    if (own.length > 0) targets.push({ path, names: own, keywords, settings });
  }
  const held = new Set(targets.flatMap((target) => target.names ?? []));
  const built = names.filter((name) => !held.has(name)).flatMap((name) => builtInOf(name, around) ?? []);
  return [...targets, ...built.map((target) => ({ ...target, settings }))];
}

function lost(file: string, config: string, around: Around): undefined {
  around.note(`${config} names the reward file ${file}, which is not found.`);
  return undefined;
}
