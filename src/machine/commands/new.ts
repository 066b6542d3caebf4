import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recipes } from '../../domain/frameworks/recipes';
import { readTargets, targetOf } from '../hosts/target';
import { newProject } from '../recipes/newProject';
import { misuse, parse, type Command } from './command';

const usage = 'new RECIPE FOLDER [--target NAME] [--json]';

/** `grpo new`: a small project to begin with. */
export const newCommand: Command = {
  name: 'new',
  usage,
  summary: `writes a small project: ${recipes.map(({ id }) => id).join(', ')}`,
  run: async (args, output) => {
    const { values, positionals } = parse(usage, args, { target: { type: 'string' }, json: { type: 'boolean' } });
    const [id, folder, ...more] = positionals;
    const recipe = recipes.find((one) => one.id === id);
    const why = id === undefined ? 'A recipe is needed' : `There is no recipe "${id}"`;
    if (!recipe) throw misuse(usage, `${why}; recipes are ${recipes.map((one) => one.id).join(', ')}`);
    if (folder === undefined || more.length > 0) throw misuse(usage, 'One folder is needed');
    const installed = join(output.root, 'dist', 'recipes');
    const from = existsSync(installed) ? installed : join(output.root, 'examples');
    const { target = 'here' } = values;
    targetOf(target, await readTargets());
    const made = await newProject({ recipe, folder, target }, { recipes: from, python: join(output.root, 'python') });
    const told = { recipe: recipe.id, folder: made, target };
    output.print(values.json ? JSON.stringify(told) : `${recipe.title} is in ${made}.`);
    return 0;
  },
};
