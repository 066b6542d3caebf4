import { cp, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Recipe } from '../../domain/frameworks/recipes';
import { Problem } from '../../domain/problem';

/** Where recipes lie, and our folder `python`. */
export interface RecipeHome {
  readonly recipes: string;
  readonly python: string;
}

/** Copies a recipe into a new or empty folder, whole or not at all. Errors: `exists`, `missing`. */
export async function newProject(recipe: Recipe, { recipes, python }: RecipeHome, folder: string): Promise<string> {
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
    await (there ? movedInto(to, aside) : rename(aside, to));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem({ code: 'missing', message: `${recipe.title} could not be written to ${to}: ${why}.` });
  }
  return to;
}

/** A folder that was there stays the same one: a terminal may stand in it. */
async function movedInto(to: string, from: string): Promise<void> {
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
  await rmdir(from);
}
