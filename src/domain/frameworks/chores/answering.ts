import { flags, type Chore, type ChoreField, type ChoreValues } from '../../runs/chore';

const SAMPLING: readonly ChoreField[] = [
  { name: 'engine', asks: 'which engine', example: 'auto', choices: ['auto', 'vllm', 'transformers'], optional: true },
  { name: 'n', asks: 'completions of each prompt', example: '1', optional: true, rare: true },
  { name: 'temperature', asks: 'sampling temperature', example: '0', optional: true, rare: true },
  { name: 'max_new_tokens', asks: 'most tokens of an answer', example: '512', optional: true, rare: true },
  { name: 'max_model_len', asks: 'most tokens of prompt and answer', example: '8192', optional: true, rare: true },
  { name: 'tensor_parallel_size', asks: 'GPUs that share the model', example: '1', optional: true, rare: true },
  { name: 'system', asks: 'a system prompt', example: 'Think first.', optional: true, rare: true },
  { name: 'image_dir', asks: 'where relative images lie', example: './images', optional: true, rare: true },
  { name: 'gpu_memory_utilization', asks: 'share of the GPU for vLLM', example: '0.8', optional: true, rare: true },
];

const BACK: readonly ChoreField[] = [
  {
    name: 'reward',
    asks: 'reward file here that scores the answers',
    example: './rewards.py',
    optional: true,
    kind: 'reward',
  },
  {
    name: 'save',
    asks: 'file here for what comes back',
    example: './precheck.jsonl',
    optional: true,
    kind: 'local',
    rare: true,
  },
];

const OPTIONS = SAMPLING.map(({ name }) => name);

const words = (values: ChoreValues, more: readonly string[]): readonly string[] => [
  ...flags(values, 'model', 'data', 'output'),
  ...more,
  ...flags(values, ...OPTIONS),
];

const data: ChoreField = { name: 'data', asks: 'data set on the host', example: './train.jsonl', kind: 'dataset' };

/** The first records through the model, before anything is trained. */
export const precheck: Chore = {
  id: 'precheck',
  title: 'Pre-check Inference',
  framework: 'own',
  scripts: ['choring', 'evaluate', 'precheck'],
  completions: 'output',
  fields: [
    { name: 'model', asks: 'model folder on the host, or hub id', example: './model_weights', kind: 'model' },
    data,
    { name: 'count', asks: 'how many records', example: '5', optional: true },
    { name: 'output', asks: 'file on the host for the answers', example: 'precheck.jsonl', optional: true, rare: true },
    ...SAMPLING,
    ...BACK,
  ],
  words: (values) =>
    words({ ...values, output: values['output'] ? values['output'] : 'precheck.jsonl' }, flags(values, 'count')),
};

/** A held-out set through a checkpoint: its completions, exact match and F1, and the run's rewards here. */
export const evaluateCheckpoint: Chore = {
  id: 'evaluate-checkpoint',
  title: 'Evaluate Checkpoint',
  framework: 'own',
  scripts: ['choring', 'evaluate', 'precheck'],
  completions: 'output',
  fields: [
    {
      name: 'model',
      asks: 'checkpoint in Hugging Face’s form (merge it first where it is none)',
      example: 'output/checkpoint-100',
      kind: 'checkpoint',
    },
    { ...data, asks: 'held-out data set on the host', example: './val.jsonl' },
    { name: 'count', asks: 'at most so many records; empty: all', example: '200', optional: true },
    {
      name: 'output',
      asks: 'file on the host for the answers',
      example: 'evaluation.jsonl',
      optional: true,
      rare: true,
    },
    ...SAMPLING,
    ...BACK,
  ],
  words: (values) => {
    const output = values['output'] ? values['output'] : 'evaluation.jsonl';
    const metrics = `${output.replace(/\.jsonl$/, '')}.metrics.json`;
    return words({ ...values, output }, ['--count', values['count'] ? values['count'] : '0', '--metrics', metrics]);
  },
};

export const evaluateCompletions: Chore = {
  id: 'evaluate',
  title: 'Evaluate Completions',
  framework: 'own',
  scripts: ['evaluate'],
  fields: [{ name: 'samples', asks: 'JSONL of completions with their solutions', example: './completions.jsonl' }],
  words: (values) => [values['samples'] ?? ''],
};
