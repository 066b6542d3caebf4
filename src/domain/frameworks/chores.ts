import { flag, type Chore } from '../chore';

const mergeLora: Chore = {
  id: 'merge-lora',
  title: 'Merge LoRA',
  framework: 'own',
  script: 'merge_lora.py',
  fields: [
    { name: 'base_model', asks: 'folder or hub id of the base model', example: 'Qwen/Qwen2.5-VL-3B-Instruct' },
    { name: 'lora_model', asks: 'folder of the adapter', example: './lora' },
    { name: 'output_path', asks: 'folder to write; it must not exist', example: './merged_model' },
    { name: 'cache_dir', asks: 'where hub models are kept', example: '~/.cache/huggingface/hub', optional: true },
  ],
  words: (values) => ['base_model', 'lora_model', 'output_path', 'cache_dir'].flatMap((name) => flag(values, name)),
};

const download: Chore = {
  id: 'download',
  title: 'Download Model',
  framework: 'own',
  script: 'download.py',
  fields: [
    { name: 'repo', asks: 'hub id of the model or data set', example: 'Qwen/Qwen2.5-VL-3B-Instruct' },
    { name: 'save_dir', asks: 'folder to write', example: './model_weights' },
    {
      name: 'source',
      asks: 'which hub',
      example: 'huggingface',
      optional: true,
      choices: ['huggingface', 'modelscope'],
    },
    { name: 'kind', asks: 'model or data set', example: 'model', optional: true, choices: ['model', 'dataset'] },
  ],
  words: (values) => [values['repo'] ?? '', ...['save_dir', 'source', 'kind'].flatMap((name) => flag(values, name))],
};

const evaluate: Chore = {
  id: 'evaluate',
  title: 'Evaluate Completions',
  framework: 'own',
  script: 'evaluate.py',
  fields: [{ name: 'samples', asks: 'JSONL of completions with their solutions', example: './completions.jsonl' }],
  words: (values) => [values['samples'] ?? ''],
};

/** verl's own merger (verl/model_merger/__main__.py @ 1dda039b9). */
const mergeVerl: Chore = {
  id: 'merge-checkpoint-verl',
  title: 'Merge Checkpoint (verl)',
  framework: 'verl',
  fields: [
    { name: 'local_dir', asks: 'folder of the actor', example: 'checkpoints/exp/global_step_100/actor' },
    { name: 'target_dir', asks: 'folder to write', example: './merged_hf' },
  ],
  words: (values) => [
    ...['-m', 'verl.model_merger', 'merge', '--backend', 'fsdp'],
    ...flag(values, 'local_dir'),
    ...flag(values, 'target_dir'),
  ],
};

/** EasyR1's own merger writes beside the shards (scripts/model_merger.py @ b44b311b6). */
const mergeEasyR1: Chore = {
  id: 'merge-checkpoint-easyr1',
  title: 'Merge Checkpoint (EasyR1)',
  framework: 'easyr1',
  fields: [
    { name: 'easyr1', asks: 'folder of EasyR1', example: '../EasyR1' },
    { name: 'local_dir', asks: 'folder of the actor', example: 'checkpoints/easy_r1/exp/global_step_100/actor' },
  ],
  words: (values) => [`${values['easyr1'] ?? ''}/scripts/model_merger.py`, ...flag(values, 'local_dir')],
};

/** Every chore, in the order in which they are offered. */
export const chores: readonly Chore[] = [download, mergeLora, mergeVerl, mergeEasyR1, evaluate];
