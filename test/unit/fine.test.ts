import { describe, expect, it } from 'vitest';
import { said } from './check';

describe('what was found to be fine is looked at again when it, or how it is judged, changes', () => {
  const keys = (text: string): string[] =>
    said(text).filter((one) => /^(unknown-key|superfluous-plus|bad-type) /.test(one));
  const swift = (words: string): string[] => keys(`swift rlhf --rlhf_type grpo ${words}`);
  const verl = (words: string): string[] => keys(`python3 -m verl.trainer.main_ppo ${words}`);

  it.each<[string, string[]]>([
    ['--beta 1', []],
    ['--beta much', ['bad-type much']],
    ['--beta 1', []],
    ['--beta', ['bad-type --beta']],
    ['--beta 1 2', ['bad-type 1 2']],
    ['--bta 1', ['unknown-key --bta']],
  ])('%s', (words, expected) => expect(swift(words)).toEqual(expected));

  const key = 'actor_rollout_ref.actor.fsdp_config.param_offload=True';
  it.each<[string, string[]]>([
    [key, []],
    [`+${key}`, [`superfluous-plus +${key.slice(0, -5)}`]],
    [`model_engine=megatron ${key}`, [`unknown-key ${key.slice(0, -5)}`]],
    [key, []],
  ])('%s', (words, expected) => expect(verl(words)).toEqual(expected));
});
