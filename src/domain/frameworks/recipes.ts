import type { FrameworkId } from './framework';

/** A small project to begin with: the folder of that name among the examples. */
export interface Recipe {
  readonly id: string;
  readonly framework: FrameworkId;
  readonly title: string;
  readonly about: string;
  /** The file that is opened first. */
  readonly opens: string;
}

/** Every recipe, the one that needs nothing first. */
export const recipes: readonly Recipe[] = [
  {
    id: 'tiny-count',
    framework: 'own',
    title: 'Tiny trainer',
    about: 'No GPU, no packages: a run, its curves and its completions within a minute',
    opens: 'rewards.py',
  },
  {
    id: 'swift-vlm-puzzle',
    framework: 'swift',
    title: 'Visual puzzles with ms-swift',
    about: 'Qwen3-VL-32B on 8 GPUs, offline; letters and paths, LoRA or ZeRO-3',
    opens: 'rewards.py',
  },
  {
    id: 'swift-clevr',
    framework: 'swift',
    title: 'Counting with ms-swift',
    about: 'Qwen2.5-VL-3B on 8 GPUs; accuracy by math-verify and the built-in format reward',
    opens: 'plugin.py',
  },
  {
    id: 'easyr1-vqa',
    framework: 'easyr1',
    title: 'Medical VQA with EasyR1',
    about: 'Qwen2.5-VL-3B on 2 GPUs; format and answer, a prompt template',
    opens: 'utils/reward_function/vqa_reward.py',
  },
  {
    id: 'verl-gad',
    framework: 'verl',
    title: 'Distillation with verl',
    about: 'Qwen3-VL on 2 GPUs; adversarial with a patched verl (untested here), by a rule with stock verl',
    opens: 'reward.py',
  },
  {
    id: 'qwenvl-own',
    framework: 'own',
    title: "A trainer of one's own",
    about: 'Qwen-VL on videos; the dual reward of format and actions',
    opens: 'rewards.py',
  },
];
