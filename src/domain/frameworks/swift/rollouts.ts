import type { Recognise } from '../../rollouts/rollout';

/**
 * ms-swift's `completions.jsonl`: one line a log event, every value a list; the Ray backend writes one completion a
 * line, Megatron `gen_step` (`swift/rlhf_trainers/grpo_trainer.py:1897`). Rewards stand under class names, advantages
 * since v3.8, messages instead of prompts up to v3.2.
 */
export const swiftRollouts: Recognise = (record, file) => {
  const keys = Object.keys(record);
  const step = keys.includes('gen_step') ? 'gen_step' : 'step';
  const prompt = keys.includes('messages') ? 'messages' : 'prompt';
  const lists = Array.isArray(record.completion) && Array.isArray(record[step]);
  const rows = keys.includes('gen_step') && typeof record.completion === 'string';
  if (!keys.includes(prompt) || !(lists || rows || isOurs(file, keys))) return undefined;
  return {
    framework: 'swift',
    name: 'ms-swift completions',
    prompt,
    text: 'completion',
    step,
    ...(keys.includes('advantages') ? { advantage: 'advantages' } : {}),
    ...(lists ? { columnar: true } : {}),
    notScores: ['num_turns', 'entropy'],
  };
};

function isOurs(file: string, keys: readonly string[]): boolean {
  return /(^|[\\/])completions\.jsonl$/.test(file) && keys.includes('advantages') && keys.includes('completion');
}
