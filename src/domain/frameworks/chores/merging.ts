import { flag, flags, type Chore } from '../../runs/chore';

export const mergeLora: Chore = {
  id: 'merge-lora',
  title: 'Merge LoRA',
  framework: 'own',
  scripts: ['choring', 'merge_lora'],
  fields: [
    {
      name: 'base_model',
      asks: 'folder or hub id of the base model',
      example: 'Qwen/Qwen2.5-VL-3B-Instruct',
      kind: 'model',
    },
    { name: 'lora_model', asks: 'folder of the adapter', example: './lora', kind: 'checkpoint' },
    { name: 'output_path', asks: 'folder to write; it must not exist', example: './merged_model' },
    { name: 'cache_dir', asks: 'where hub models are kept', example: '~/.cache/huggingface/hub', optional: true },
  ],
  words: (values) => flags(values, 'base_model', 'lora_model', 'output_path', 'cache_dir'),
};

/** Ours: as the frameworks' own mergers for FSDP shards, but looking first and writing beside. */
export const mergeCheckpoint: Chore = {
  id: 'merge-checkpoint',
  title: 'Merge Checkpoint',
  framework: 'verl',
  scripts: ['choring', 'merge_checkpoint'],
  fields: [
    {
      name: 'local_dir',
      asks: 'folder of the actor, of its step, or of all steps (the newest is taken)',
      example: 'checkpoints/easy_r1/exp/global_step_100/actor',
      kind: 'checkpoint',
    },
    { name: 'target_dir', asks: 'folder to write; it must not exist', example: './merged_hf', optional: true },
    {
      name: 'config_dir',
      asks: 'folder of the model’s config.json and tokenizer, where the checkpoint has none',
      example: './merged_model',
      optional: true,
      rare: true,
    },
  ],
  words: (values) => flags(values, 'local_dir', 'target_dir', 'config_dir'),
};

/** verl's own merger (verl/model_merger/__main__.py @ 1dda039b9), for what ours does not know, such as Megatron. */
export const mergeVerl: Chore = {
  id: 'merge-checkpoint-verl',
  title: 'Merge Checkpoint by verl’s Own Tool',
  framework: 'verl',
  fields: [
    {
      name: 'local_dir',
      asks: 'folder of the actor',
      example: 'checkpoints/exp/global_step_100/actor',
      kind: 'checkpoint',
    },
    { name: 'target_dir', asks: 'folder to write', example: './merged_hf' },
    { name: 'backend', asks: 'how it was trained', example: 'fsdp', optional: true, choices: ['fsdp', 'megatron'] },
  ],
  words: (values) => [
    ...['-m', 'verl.model_merger', 'merge', '--backend', values['backend'] ? values['backend'] : 'fsdp'],
    ...flags(values, 'local_dir', 'target_dir'),
  ],
};

/** EasyR1's own merger writes beside the shards (scripts/model_merger.py @ b44b311b6). */
export const mergeEasyR1: Chore = {
  id: 'merge-checkpoint-easyr1',
  title: 'Merge Checkpoint by EasyR1’s Own Tool',
  framework: 'easyr1',
  fields: [
    { name: 'easyr1', asks: 'folder of EasyR1', example: '../EasyR1' },
    {
      name: 'local_dir',
      asks: 'folder of the actor',
      example: 'checkpoints/easy_r1/exp/global_step_100/actor',
      kind: 'checkpoint',
    },
  ],
  words: (values) => [`${values['easyr1'] ?? ''}/scripts/model_merger.py`, ...flag(values, 'local_dir')],
};
