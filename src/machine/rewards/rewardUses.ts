import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { rewardUse } from '../../domain/frameworks/rewards';
import { scriptRewards } from '../../domain/frameworks/rewardScript';
import { Problem } from '../../domain/problem';
import type { RewardUse } from '../../domain/rewards/rewardUse';
import { fileReader, readSettings } from '../config/lint';
import { LEVELS, projectFolders } from '../config/project';
import { unlessMissing } from '../disk';
import { sourceOf } from './versions';

/** A configuration that trains with the rewards of a file. */
export interface FoundUse {
  /** Path of the configuration. */
  readonly config: string;
  /** For people: from the reward's folder. */
  readonly name: string;
  readonly use: RewardUse;
}

const DEPTH = 2;
const MOST_FILES = 300;
const LARGEST = 300_000;
const ENDINGS = /\.(?:sh|bash|ya?ml|py)$/;
/** A text without any of these names no rewards. */
const SIGNS = /reward_func|custom_reward_function|external_plugins/;

/** Configurations near a reward file that name it, nearest first. One that cannot be read is left out. */
export async function usesOf(file: string): Promise<FoundUse[]> {
  const stem = basename(file).replace(/\.py$/, '');
  const found: FoundUse[] = [];
  for (const config of await configsNear(dirname(file))) {
    const text = await readFile(config, 'utf8').catch(() => '');
    if (!SIGNS.test(text) || (config !== file && !text.includes(stem))) continue;
    for (const one of await usesIn(config).catch(unread)) {
      if (config === file || one.use.files.some((named) => means(named, config, file)))
        found.push({ ...one, name: nameOf(config, file) });
    }
  }
  return found;
}

function unread(error: unknown): FoundUse[] {
  if (error instanceof Problem) return [];
  throw error;
}

/** What a configuration says of rewards. Errors: `Problem` where it cannot be read. */
export async function usesIn(config: string): Promise<FoundUse[]> {
  const found = (use: RewardUse | undefined): FoundUse[] => (use ? [{ config, name: basename(config), use }] : []);
  if (config.endsWith('.py')) return found(scriptRewards(await sourceOf(config)));
  const { judged } = await readSettings(config);
  const around = { file: fileReader(config) };
  return judged.flatMap((one) => found(rewardUse(one, around)));
}

/** The reward file that a configuration means: from its own folder, or from one above, where it is started. */
export async function fileOf(named: string, config: string): Promise<string | undefined> {
  for (const place of places(named, config)) {
    if (
      await stat(place).then(
        (found) => found.isFile(),
        () => false,
      )
    )
      return place;
  }
  return undefined;
}

function means(named: string, config: string, file: string): boolean {
  return places(named, config).includes(file);
}

function places(named: string, config: string): string[] {
  const folders = [dirname(config)];
  for (let level = 0; level < LEVELS; level++) folders.push(dirname(folders.at(-1) ?? ''));
  return folders.map((folder) => resolve(folder, named));
}

function nameOf(config: string, file: string): string {
  return relative(dirname(file), config) || basename(config);
}

/** Files that may be configurations, in the folder and those above it that belong to the same project. */
async function configsNear(folder: string): Promise<string[]> {
  const found = new Set<string>();
  for (const here of await projectFolders(folder))
    for (const file of await filesBelow(here, DEPTH)) if (found.size < MOST_FILES) found.add(file);
  return [...found];
}

async function filesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const plain = entries.filter(({ name }) => !/^[._]|^node_modules$|^output/.test(name));
  const files = plain
    .filter((entry) => entry.isFile() && ENDINGS.test(entry.name))
    .map(({ name }) => join(folder, name));
  const isSmall = async (file: string): Promise<string[]> => ((await stat(file)).size < LARGEST ? [file] : []);
  const small = await Promise.all(files.map((file) => unlessMissing([], () => isSmall(file))));
  const folders = depth === 0 ? [] : plain.filter((entry) => entry.isDirectory()).slice(0, 50);
  const below = await Promise.all(folders.map(({ name }) => filesBelow(join(folder, name), depth - 1)));
  return [...small.flat().sort(), ...below.flat()];
}
