import type { Recognise } from '../../rollouts/rollout';

/**
 * TRL's `completions/completions_<step>.parquet`: step, prompt, completion, one column per reward, extra columns of
 * `log_extra`, advantage (`trl/trainer/grpo_trainer.py:3320 @ v1.10.0.dev0`; files since v0.28.0).
 */
export const trlRollouts: Recognise = (record) => {
  const keys = Object.keys(record);
  const ours = keys[0] === 'step' && keys[1] === 'prompt' && keys[2] === 'completion' && keys.includes('advantage');
  if (!ours) return undefined;
  return {
    framework: 'trl',
    name: 'TRL completions',
    prompt: 'prompt',
    text: 'completion',
    step: 'step',
    advantage: 'advantage',
    notScores: [],
  };
};
