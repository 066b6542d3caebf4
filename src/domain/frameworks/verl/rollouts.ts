import type { Recognise } from '../../rollouts/rollout';

/**
 * verl's `rollout_data_dir/<step>.jsonl` and `validation_data_dir`: input, output, gts, score, step, further keys of the
 * reward's dictionary, and since the V1 trainer `uid` = `<prompt>_<session>_<index>`, so that two suffixes are cut
 * (`verl/trainer/ppo/v1/trainer_base.py:1137 @ 1dda039`). Neither version writes the advantage.
 */
export const verlRollouts: Recognise = (record) => {
  if (typeof record.input !== 'string' || typeof record.output !== 'string' || !('score' in record)) return undefined;
  return {
    framework: 'verl',
    name: 'verl rollouts',
    prompt: 'input',
    text: 'output',
    step: 'step',
    ...('uid' in record ? { group: 'uid', groupSuffixes: 2 } : {}),
    notScores: ['gts', 'request_id', 'uid', 'num_turns', '__num_turns__'],
  };
};
