import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recipes } from '../../domain/frameworks/recipes';
import { newProject } from '../recipes/newProject';
import { misuse, parse, type Command } from './command';

const usage = 'new RECIPE FOLDER [--json]';

/** `grpo new`: a small project to begin with. */
export const newCommand: Command = {
  name: 'new',
  usage,
  summary: `writes a small project: ${recipes.map(({ id }) => id).join(', ')}`,
  run: async (args, output) => {
    const { values, positionals } = parse(usage, args, { json: { type: 'boolean' } });
    const [id, folder, ...more] = positionals;
    const recipe = recipes.find((one) => one.id === id);
    const why = id === undefined ? 'A recipe is needed' : `There is no recipe "${id}"`;
    if (!recipe) throw misuse(usage, `${why}; recipes are ${recipes.map((one) => one.id).join(', ')}`);
    if (folder === undefined || more.length > 0) throw misuse(usage, 'One folder is needed');
    const installed = join(output.root, 'dist', 'recipes');
    const from = existsSync(installed) ? installed : join(output.root, 'examples');
    const made = await newProject(recipe, { recipes: from, python: join(output.root, 'python') }, folder);
    output.print(values.json ? JSON.stringify({ recipe: recipe.id, folder: made }) : `${recipe.title} is in ${made}.`);
    return 0;
  },
};
