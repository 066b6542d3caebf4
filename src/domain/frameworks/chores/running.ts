import { flag, flags, type Chore } from '../../runs/chore';

/** What a recipe's program imports of ours, each behind what it imports itself. */
export const RECIPE_MODULES: readonly string[] = [
  'choring',
  ...['forms', 'entries', 'filling', 'media', 'recipe', 'work', 'pictures', 'preview'].map(
    (name) => `preparing/${name}`,
  ),
];

/** Folders and annotations into records, by a recipe that lies here. */
export const prepareDataset: Chore = {
  id: 'prepare',
  title: 'Prepare Dataset',
  framework: 'own',
  scripts: [...RECIPE_MODULES, 'preparing/sink', 'prepare_dataset'],
  fields: [
    { name: 'recipe', asks: 'recipe here', example: './prepare.json', kind: 'recipe' },
    {
      name: 'data_root',
      asks: 'folder of the data on the host, instead of the recipe’s',
      example: '/data',
      optional: true,
    },
    { name: 'output', asks: 'file to write, instead of the recipe’s', example: 'train.jsonl', optional: true },
    { name: 'first', asks: 'only show so many records', example: '5', optional: true, rare: true },
  ],
  words: (values) => [...flags(values, 'recipe', 'data_root', 'output'), ...flag(values, 'first', '--preview')],
};

/** Steps in one go, each once; begun again, it goes on where it stopped. */
export const runPipeline: Chore = {
  id: 'pipeline',
  title: 'Run Pipeline',
  framework: 'own',
  scripts: ['choring', 'pipeline'],
  fields: [
    { name: 'steps', asks: 'file here that lists the steps', example: './pipeline.json', kind: 'pipeline' },
    {
      name: 'state',
      asks: 'file on the host that remembers what was done',
      example: 'pipeline.state.json',
      optional: true,
      rare: true,
    },
  ],
  words: (values) => [
    ...flag({ state: values['state'] ? values['state'] : 'pipeline.state.json' }, 'state'),
    values['steps'] ?? '',
  ],
};
