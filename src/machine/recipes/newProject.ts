import { cp, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Recipe } from '../../domain/frameworks/recipes';
import { Problem } from '../../domain/problem';

/** Where recipes lie, and our folder `python`. */
export interface RecipeHome {
  readonly recipes: string;
  readonly python: string;
}

/** What a new project is made of, and where. */
export interface ProjectWish {
  readonly recipe: Recipe;
  readonly folder: string;
  /** Where it will train: its frameworks are then judged as they are installed there, and launches begin with it. */
  readonly target: string;
}

/** Copies a recipe into a new or empty folder, whole or not at all; gives its whole path. Errors: `exists`, `missing`. */
export async function newProject({ recipe, folder, target }: ProjectWish, home: RecipeHome): Promise<string> {
  const { recipes, python } = home;
  const to = resolve(folder);
  const there = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Problem({ code: 'bad-input', message: `${to} is no folder.` });
  });
  if (there && there.length > 0) {
    throw new Problem({ code: 'exists', message: `${to} holds files already; choose a new or empty folder.` });
  }
  const aside = join(there ? to : dirname(to), `.${basename(to)}.${process.pid}.part`);
  try {
    await mkdir(dirname(aside), { recursive: true });
    const options = { recursive: true, filter: (file: string) => !/__pycache__|\boutput$/.test(file) };
    await cp(join(recipes, recipe.id), aside, options);
    const { brings } = recipe;
    if (brings !== undefined) {
      for (const part of ['__init__.py', brings])
        await cp(join(python, 'grpo_lens', part), join(aside, 'grpo_lens', part), options);
    }
    if (target !== 'here') await setTarget(aside, target);
    await (there ? movedInto(to, aside) : rename(aside, to));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem({ code: 'missing', message: `${recipe.title} could not be written to ${to}: ${why}.` });
  }
  return to;
}

async function setTarget(folder: string, target: string): Promise<void> {
  await mkdir(join(folder, '.vscode'));
  const settings = { 'grpoLens.config.installedOn': target };
  await writeFile(join(folder, '.vscode', 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
}

/** A folder that was there stays the same one: a terminal may stand in it. */
async function movedInto(to: string, from: string): Promise<void> {
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
  await rmdir(from);
}
