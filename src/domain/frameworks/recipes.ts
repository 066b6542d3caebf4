import type { FrameworkId } from './framework';

/** A small project to begin with: the folder of that name among the examples. */
export interface Recipe {
  readonly id: string;
  readonly framework: FrameworkId;
  readonly title: string;
  readonly about: string;
  /** The file that is opened first. */
  readonly opens: string;
  /** Scripts that start its training: each passes our own lint. */
  readonly starts: readonly string[];
  /** The reward file with the expectations that it meets. */
  readonly rewards?: { readonly file: string; readonly expect: string };
  /** A folder of ours in `python/grpo_lens` that the project gets a copy of. */
  readonly brings?: string;
}

/** Every recipe, the one that needs nothing first. */
export const recipes: readonly Recipe[] = [
  {
    id: 'tiny-count',
    framework: 'own',
    title: 'Tiny trainer',
    about: 'No GPU, no packages: a run, its curves and its completions within a minute',
    opens: 'rewards.py',
    starts: ['train.sh'],
    brings: 'tiny',
    rewards: { file: 'rewards.py', expect: 'rewards.expect.jsonl' },
  },
  {
    id: 'swift-vlm-puzzle',
    framework: 'swift',
    title: 'Visual puzzles with ms-swift',
    about: 'Qwen3-VL-32B on 8 GPUs, offline; letters and paths, LoRA or ZeRO-3',
    opens: 'rewards.py',
    starts: ['train_lora.sh', 'train_zero3.sh', 'train_grpo.py'],
    rewards: { file: 'rewards.py', expect: 'rewards.expect.jsonl' },
  },
  {
    id: 'swift-clevr',
    framework: 'swift',
    title: 'Counting with ms-swift',
    about: 'Qwen2.5-VL-3B on 8 GPUs; accuracy by math-verify and the built-in format reward',
    opens: 'plugin.py',
    starts: ['train.sh'],
    rewards: { file: 'plugin.py', expect: 'plugin.expect.jsonl' },
  },
  {
    id: 'easyr1-vqa',
    framework: 'easyr1',
    title: 'Medical VQA with EasyR1',
    about: 'Qwen2.5-VL-3B on 2 GPUs; format and answer, a prompt template',
    opens: 'utils/reward_function/vqa_reward.py',
    starts: ['train.sh', 'config/config.yaml'],
    rewards: { file: 'utils/reward_function/vqa_reward.py', expect: 'rewards.expect.jsonl' },
  },
  {
    id: 'verl-gad',
    framework: 'verl',
    title: 'Distillation with verl',
    about: 'Qwen3-VL on 2 GPUs; adversarial with a patched verl (untested here), by a rule with stock verl',
    opens: 'reward.py',
    starts: ['train_stock.sh'],
    rewards: { file: 'reward.py', expect: 'rewards.expect.jsonl' },
  },
  {
    id: 'qwenvl-own',
    framework: 'own',
    title: "A trainer of one's own",
    about: 'Qwen-VL on videos; the dual reward of format and actions',
    opens: 'rewards.py',
    starts: ['train.sh'],
    rewards: { file: 'rewards.py', expect: 'rewards.expect.jsonl' },
  },
];
