import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formOfRecipe, recipeText, type RecipeForm } from '../../src/domain/dataset/recipeForm';

const RECIPE = {
  form: 1,
  data_root: '/data',
  hold_out: { output: 'val.jsonl', every: 20 },
  parts: [
    {
      read: 'a/data.json',
      prompt: '{question}',
      images: ['{image}', 'b.png'],
      columns: { task: 'maze', size: 4 },
      choices: { question: { by: 'task', of: { maze: 'Find the way.' } } },
    },
  ],
};

it('the form shows a recipe, and what it does not show stays', () => {
  const text = JSON.stringify(RECIPE);
  const form = formOfRecipe(text) as RecipeForm;
  expect(form.parts[0]).toMatchObject({ images: '{image}\nb.png', columns: 'task = maze\nsize = 4' });
  expect(JSON.parse(recipeText(form, text))).toEqual({ ...RECIPE, write: 'messages' });
  const changed = { ...form, parts: form.parts.map((part) => ({ ...part, images: '', solution: '{way}' })) };
  const [part] = (JSON.parse(recipeText(changed, text)) as typeof RECIPE).parts;
  expect(part).toMatchObject({ solution: '{way}', choices: RECIPE.parts[0]?.choices, columns: { size: 4 } });
  expect(part).not.toHaveProperty('images');
});

it('what is no recipe is said in a sentence', () => {
  expect(formOfRecipe('{')).toMatch(/^It is no JSON/);
  expect(formOfRecipe('[]')).toBe('It has no “parts”.');
});

const recipes = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /prepare[^/]*\.json$/.test(name),
);

it.each(recipes)('examples/%s is the same after the form', (name) => {
  const text = readFileSync(`examples/${name}`, 'utf8');
  expect(JSON.parse(recipeText(formOfRecipe(text) as RecipeForm, text))).toEqual(JSON.parse(text));
});
