import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formOfRecipe, recipeText, type RecipeForm } from '../../src/domain/dataset/recipeForm';
import { previewRecipe, previewsHere } from '../../src/machine/chores/recipePreview';
import { Problem } from '../../src/domain/problem';
import { preparePanelGuards, type PreparePanel } from '../../src/wire/preparePanel';
import { openPage } from './support/page';

const RECIPE = readFileSync('examples/swift-vlm-puzzle/prepare.json', 'utf8');
const IMAGE = 'examples/trl-vl-count/images';

let root = '';
/** VLMPuzzle's folders in small: two mazes and three eyeballing puzzles, the last one's picture gone. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'puzzle-'));
  const picture = readFileSync(`${IMAGE}/${firstImage()}`);
  for (const name of ['dataset_eyeballing', 'dataset_maze']) mkdirSync(join(root, name, 'images'), { recursive: true });
  for (const name of ['eyeballing/images/0', 'eyeballing/images/1', 'maze/images/0', 'maze/images/1'])
    writeFileSync(join(root, `dataset_${name}.png`), picture);
  const eyes = ['A', 'C', 'B'].map((correct_option, at) => ({
    image: `images/${at}.png`,
    task_type: 'midpoint',
    correct_option,
  }));
  const mazes = [0, 1].map((at) => ({ image: `images/${at}.png`, solution_path_cell_ids: [1, 4 + at] }));
  writeFileSync(join(root, 'dataset_eyeballing/data.json'), JSON.stringify(eyes));
  writeFileSync(join(root, 'dataset_maze/data.json'), JSON.stringify(mazes));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function firstImage(): string {
  const [line = ''] = readFileSync('examples/trl-vl-count/dataset.jsonl', 'utf8').split('\n');
  return /images\/([^"]+\.png)/.exec(line)?.[1] ?? '';
}

it('maps folders to records with a live preview of records and pictures', async () => {
  let saved = '';
  const told = (form: RecipeForm): { file: string } => {
    saved = recipeText(form, RECIPE);
    return { file: '/somewhere/prepare.json' };
  };
  const { page, screenshot } = await openPage<PreparePanel>({
    bundle: 'prepare',
    guards: preparePanelGuards,
    methods: {
      hello: () => ({
        file: '/somewhere/prepare.json',
        form: { ...(formOfRecipe(RECIPE) as RecipeForm), data_root: root },
        target: 'here',
        targets: ['here', 'h200'],
      }),
      preview: ({ form, target }) => {
        if (target !== 'here')
          throw new Problem({ code: 'no-python', message: `${target} has no Python 3.9 or newer.` });
        return previewRecipe({
          recipe: recipeText(form, RECIPE),
          root: form.data_root,
          home: resolve('python'),
          runs: previewsHere('python3', new AbortController().signal),
          most: 1 << 20,
        });
      },
      save: ({ form }) => told(form),
      run: ({ form }) => told(form),
    },
  });
  await page.waitForFunction(() => document.querySelectorAll('article').length === 4);
  await page.waitForFunction(() => (document.querySelector('article img') as HTMLImageElement).naturalWidth > 0);
  const text = (): Promise<string> => page.locator('.preview').innerText();
  expect(await text()).toContain('Which point is the midpoint of the segment?');
  expect(await text()).toContain('[1, 5]');
  expect(await text()).toContain('1 left out: a file that it names does not exist');
  expect(await page.locator('.known').innerText()).toContain('{correct_option}');
  await screenshot('prepare');
  const prompt = page.locator('textarea[aria-label=Prompt]');
  await prompt.fill('Look: {nothing}');
  await page.waitForFunction(() => document.body.innerText.includes('it has no field “nothing”'));
  await prompt.fill('Look closely.');
  await page.waitForFunction(() => document.body.innerText.includes('Look closely.'));
  await page.getByText('Save the recipe').click();
  await page.waitForFunction(() => document.body.innerText.includes('The recipe is in /somewhere/prepare.json.'));
  const [part] = (JSON.parse(saved) as { parts: { prompt: string; choices: object }[] }).parts;
  expect(part?.prompt).toBe('Look closely.');
  expect(part?.choices).toHaveProperty('question');
  const place = page.locator('vscode-dropdown[aria-label="Where the data lies"]');
  await place.click();
  await place.locator('vscode-option', { hasText: 'h200' }).click();
  await page.waitForFunction(() => document.body.innerText.includes('h200 has no Python 3.9 or newer.'));
  expect(await page.locator('article').count()).toBe(0);
});
