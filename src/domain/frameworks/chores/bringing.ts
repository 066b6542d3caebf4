import { flags, type Chore, type ChoreField, type ChoreValues } from '../../runs/chore';

const SOURCES: readonly ChoreField[] = [
  { name: 'save_dir', asks: 'folder to write', example: './model_weights', kind: 'folder' },
  {
    name: 'source',
    asks: 'which hub',
    example: 'huggingface',
    optional: true,
    choices: ['huggingface', 'modelscope'],
  },
  { name: 'revision', asks: 'branch, tag or commit', example: 'main', optional: true, rare: true },
  {
    name: 'endpoint',
    asks: 'another address of the hub',
    example: 'https://hf-mirror.com',
    optional: true,
    rare: true,
  },
  { name: 'include', asks: 'only files like this', example: '*.safetensors', optional: true, rare: true },
];

const words = (kind: string, values: ChoreValues): readonly string[] => [
  values['repo'] ?? '',
  ...flags(values, 'save_dir', 'source'),
  ...['--kind', kind],
  ...flags(values, 'revision', 'endpoint', 'include'),
];

export const downloadModel: Chore = {
  id: 'download',
  title: 'Download Model',
  framework: 'own',
  scripts: ['download'],
  fields: [{ name: 'repo', asks: 'hub id of the model', example: 'Qwen/Qwen3-VL-32B-Thinking' }, ...SOURCES],
  words: (values) => words('model', values),
};

export const downloadDataset: Chore = {
  id: 'download-dataset',
  title: 'Download Dataset',
  framework: 'own',
  scripts: ['download'],
  fields: [{ name: 'repo', asks: 'hub id of the data set', example: 'flaviagiammarino/vqa-rad' }, ...SOURCES],
  words: (values) => words('dataset', values),
};

/** From this machine to a host; the folder may as well hold data or a wheelhouse. */
export const copyModel: Chore = {
  id: 'copy',
  title: 'Copy Model to Host',
  framework: 'own',
  scripts: ['choring', 'copy_model'],
  here: true,
  fields: [
    { name: 'folder', asks: 'folder on this machine', example: './model_weights', kind: 'folder' },
    { name: 'host', asks: 'the host that gets it', example: 'h200', kind: 'host' },
    { name: 'to', asks: 'folder on the host', example: '/data/models/Qwen3-VL-32B-Thinking' },
  ],
  words: (values) => [values['folder'] ?? '', ...flags(values, 'to', 'ssh', 'ssh_config', 'remote_python')],
};
