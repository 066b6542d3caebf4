import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/config/finding';
import { findings, judged } from './check';

/** Real commands, each as it was written for the release of its time. */
interface Seed {
  readonly path: string;
  readonly gpus: number;
  /** `key rule` of everything that is said of it at a release; the newest has no name. */
  readonly said: Readonly<Record<string, readonly string[]>>;
}

const HYDRA = [
  // Declared in 0.7.0 only, and in no release after it: Hydra refuses the command (verl/trainer/config @ 0.10.0.dev).
  'reward_model.use_reward_loop removed-key error',
  // Read by nobody: verl/workers @ 0.8.0 on, verl/utils/dataset/rl_dataset.py @ 0.10.0.dev.
  'actor_rollout_ref.actor.grad_clip inert-key warning',
  'critic.grad_clip inert-key warning',
  'data.truncation inert-key warning',
  // Two old ways to say what is said elsewhere.
  'actor_rollout_ref.actor.ulysses_sequence_parallel_size deprecated-key warning',
  'data.val_batch_size deprecated-key warning',
  // Stock verl builds no critic under adv_estimator=grpo: no discriminator is trained (verl/trainer/ppo/utils.py @ 0.10.0.dev).
  'critic.model.path verl.critic.auto warning',
];

const seeds: readonly Seed[] = [
  { path: 'examples/easyr1-vqa/train.sh', gpus: 2, said: { '': [] } },
  { path: 'examples/easyr1-vqa/config/config.yaml', gpus: 2, said: { '': [] } },
  {
    path: 'examples/swift-clevr/train_2025.sh',
    gpus: 8,
    said: {
      '': [
        'num_infer_workers removed-key error',
        'train_type removed-key error',
        'vllm_device removed-key error',
        'use_vllm swift.use_vllm_needs_mode error',
        'vllm_max_model_len swift.context_budget hint',
        'WANDB_API_KEY placeholder warning',
      ],
      '3.2.0': ['vllm_max_model_len swift.context_budget hint', 'WANDB_API_KEY placeholder warning'],
    },
  },
  {
    path: 'examples/verl-gad/train_gad.sh',
    gpus: 2,
    said: {
      '': HYDRA,
      // The one release whose configuration has every key of it; `grad_clip` still did something.
      '0.7.0': [
        'actor_rollout_ref.actor.ulysses_sequence_parallel_size deprecated-key warning',
        'critic.model.path verl.critic.auto warning',
        'data.truncation inert-key warning',
        'data.val_batch_size deprecated-key warning',
      ],
      // `engine_kwargs.vllm` declared the key by itself then, and `+` may not add it again; the other key came later.
      '0.5.0': [
        'actor_rollout_ref.rollout.engine_kwargs.vllm.disable_mm_preprocessor_cache superfluous-plus error',
        'critic.model.path verl.critic.auto warning',
        'data.val_batch_size deprecated-key warning',
        'reward_model.use_reward_loop removed-key error',
      ],
    },
  },
];

const written = /^\s*(?:--|[+~]{0,2})([A-Za-z_][\w.]*)(?:[= ]|$)/;

describe.each(seeds)('$path', ({ path, gpus, said }) => {
  const text = readFileSync(path, 'utf8');
  const language = path.endsWith('.yaml') ? 'yaml' : 'shellscript';
  const file = (name: string): string | undefined => {
    const there = join(dirname(path), name);
    return existsSync(there) ? readFileSync(there, 'utf8') : undefined;
  };
  const line = ({ key, rule, weight }: Finding): string => `${key ?? ''} ${rule} ${weight}`;

  it.each(Object.entries(said))('at %s has exactly the findings that it deserves', (version, expected) => {
    const asked = { language, around: { gpus, file }, ...(version === '' ? {} : { version }) };
    expect(findings(text, asked).map(line).sort()).toEqual([...expected].sort());
  });

  it('is read without any loss', () => {
    const keys = judged(text, { language }).flatMap(({ sheet }) =>
      sheet.settings.filter(({ section }) => !section).map(({ path: key }) => key),
    );
    if (language === 'yaml') return expect(keys).toHaveLength(text.match(/^ *[\w-]+: *[^\s#]/gm)?.length ?? 0);
    const command = text
      .slice(text.search(/^(?=.*(?:python3 -m verl|swift rlhf))/m))
      .split('\n')
      .slice(1);
    expect(keys).toEqual(command.flatMap((one) => written.exec(one)?.[1] ?? []));
  });
});
