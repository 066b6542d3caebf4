import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { ACTOR, isWhole, ROLLOUT, rule, TRAIN, warning } from './names';

const BASE = 'verl/trainer/ppo/v1/trainer_base.py';
const estimator = (facts: Facts): string | undefined => facts.text('algorithm.adv_estimator');
const filters = (facts: Facts): boolean => facts.is('algorithm.filter_groups.enable', true);

/** The critic that was configured but that nobody will build. */
function idleCritic(facts: Facts): string | undefined {
  return (
    facts.sheet.settings.find(({ path }) => path === 'critic.model.path')?.path ??
    facts.sheet.settings.find(({ path }) => path.startsWith('critic.') && path !== 'critic.enable')?.path
  );
}

/** Rules on advantages, rewards, KL and the trainer's modes. */
export const algorithmRules: readonly Rule[] = [
  warning('adv.grpo_single', 'verl/trainer/ppo/core_algos.py:316', (facts) => {
    const n = facts.number(`${ROLLOUT}.n`);
    if (
      !['grpo', 'grpo_vectorized'].includes(estimator(facts) ?? '') ||
      n !== 1 ||
      facts.given(`${ROLLOUT}.n_agent`) !== undefined ||
      !(isWhole(facts) || facts.given(`${ROLLOUT}.n`))
    )
      return undefined;
    return {
      text: `With ${ROLLOUT}.n = 1 a group has one completion: GRPO takes its raw score as the advantage, and says nothing.`,
      at: [`${ROLLOUT}.n`, 'algorithm.adv_estimator'],
      mends: [{ path: `${ROLLOUT}.n`, value: 8 }],
    };
  }),
  rule('adv.passk_group', 'verl/trainer/ppo/core_algos.py:518', (facts) => {
    const n = facts.number(`${ROLLOUT}.n`);
    if (estimator(facts) !== 'grpo_passk' || n === undefined || n >= 2) return undefined;
    return {
      text: `grpo_passk needs ${ROLLOUT}.n of at least 2, not ${n}.`,
      at: [`${ROLLOUT}.n`, 'algorithm.adv_estimator'],
      mends: [{ path: `${ROLLOUT}.n`, value: 8 }],
    };
  }),
  rule('adv.gdpo_keys', 'verl/trainer/ppo/core_algos.py:415', (facts) =>
    estimator(facts) === 'gdpo' && isWhole(facts) && !facts.given('algorithm.gdpo_reward_keys')
      ? { text: 'gdpo needs +algorithm.gdpo_reward_keys.', at: ['algorithm.adv_estimator'] }
      : undefined,
  ),
  rule('adv.otb', 'verl/trainer/ppo/ray_trainer.py:267', (facts) => {
    const key = `${ACTOR}.calculate_sum_pi_squared`;
    if (!/optimal_token_baseline$/.test(estimator(facts) ?? '') || !facts.is(key, false)) return undefined;
    return {
      text: `${estimator(facts)} needs ${key}=True.`,
      at: ['algorithm.adv_estimator', key],
      mends: [{ path: key, value: true }],
    };
  }),
  warning('critic.auto', 'verl/trainer/ppo/utils.py:104', (facts) => {
    const chosen = estimator(facts);
    const key = idleCritic(facts);
    if (chosen === undefined || chosen === 'gae' || key === undefined || facts.is('critic.enable', true))
      return undefined;
    return {
      text: `No critic is built under adv_estimator=${chosen}: critic.* trains nothing, not even a discriminator.`,
      at: [key],
    };
  }),
  rule('filter.metric_required', `${BASE}:199`, (facts) =>
    filters(facts) && facts.value('algorithm.filter_groups.metric') === null
      ? {
          text: 'filter_groups needs algorithm.filter_groups.metric.',
          at: ['algorithm.filter_groups.enable'],
          mends: [{ path: 'algorithm.filter_groups.metric', value: 'acc' }],
        }
      : undefined,
  ),
  rule('filter.reward_path', `${BASE}:203`, (facts) =>
    filters(facts) &&
    facts.is('reward.reward_model.enable', true) &&
    facts.is('reward.reward_model.enable_resource_pool', false)
      ? {
          text: 'filter_groups with a reward model needs reward.reward_model.enable_resource_pool=True.',
          at: ['algorithm.filter_groups.enable'],
        }
      : undefined,
  ),
  warning('filter.max_num_gen', `${BASE}:211`, (facts) => {
    const key = 'algorithm.filter_groups.max_num_gen_batches';
    const most = facts.number(key);
    return most && most > 0 && !facts.is('trainer.use_v1', false)
      ? { text: `${key} is not read by the trainer of today.`, at: [key] }
      : undefined;
  }),
  warning('filter.gen_batch', `${BASE}:682`, (facts) => {
    const size = facts.number('data.gen_batch_size');
    if (!filters(facts) || size === undefined || size === 1 || !facts.given('data.gen_batch_size')) return undefined;
    return { text: 'filter_groups sets data.gen_batch_size to 1.', at: ['data.gen_batch_size'] };
  }),
  rule('v1.sync_step', `${BASE}:511`, (facts) => {
    const key = 'trainer.v1.separate_async.parameter_sync_step';
    const [train, step] = [facts.number(TRAIN), facts.number(key)];
    if (!facts.is('trainer.v1.trainer_mode', 'separate_async') || train === undefined || !step || train % step === 0)
      return undefined;
    return { text: `${TRAIN} = ${train} is not divisible by ${key} = ${step}.`, at: [TRAIN, key] };
  }),
  warning('v0.deprecated', 'verl/trainer/main_ppo.py:189', (facts) =>
    facts.is('trainer.use_v1', false)
      ? {
          text: 'trainer.use_v1=False chooses the old trainer, which will go.',
          at: ['trainer.use_v1'],
          mends: [{ path: 'trainer.use_v1', value: true }],
        }
      : undefined,
  ),
  rule('reward.manager_registered', 'verl/experimental/reward_loop/reward_manager/registry.py:52', (facts) => {
    const key = 'reward.reward_manager.name';
    const name = facts.text(key);
    const known = ['naive', 'dapo', 'gdpo', 'rate_limited', 'remote'];
    if (!name || known.includes(name) || !facts.is('reward.reward_manager.source', 'register')) return undefined;
    return {
      text: `No reward manager is called ${name}: ${known.join(', ')}.`,
      at: [key],
      mends: [{ path: key, value: 'naive' }],
    };
  }),
  rule('reward.dapo_len', 'verl/experimental/reward_loop/reward_manager/dapo.py:39', (facts) => {
    const own = 'reward.reward_kwargs';
    const keys = [`${own}.max_resp_len`, `${own}.overlong_buffer_cfg.len`] as const;
    const enabled =
      facts.is('reward.reward_manager.name', 'dapo') && facts.is(`${own}.overlong_buffer_cfg.enable`, true);
    if (!enabled || facts.sheet.open) return undefined;
    const [longest, buffer] = [facts.value(keys[0]), facts.value(keys[1])];
    if (longest === null) return { text: `The overlong penalty of dapo needs +${keys[0]}.`, at: [keys[0]] };
    if (typeof buffer !== 'number' || typeof longest !== 'number' || (buffer > 0 && longest >= buffer))
      return undefined;
    return {
      text: `${keys[1]} = ${buffer} must be above 0 and at most ${keys[0]} = ${longest}.`,
      at: [keys[1], keys[0]],
    };
  }),
  rule('reward.manager_import', 'verl/trainer/ppo/reward.py:101', (facts) =>
    facts.is('reward.reward_manager.source', 'importlib') && facts.value('reward.reward_manager.module.path') === null
      ? {
          text: 'A reward manager of one’s own needs reward.reward_manager.module.path.',
          at: ['reward.reward_manager.source'],
        }
      : undefined,
  ),
  rule('reward.fn_name', 'verl/utils/import_utils.py:203', (facts) => {
    const [path, name] = ['reward.custom_reward_function.path', 'reward.custom_reward_function.name'];
    return facts.isSet(path) && facts.given(name)?.value === null
      ? {
          text: `${path} needs the function's name: ${name}.`,
          at: [name, path],
          mends: [{ path: name, value: 'compute_score' }],
        }
      : undefined;
  }),
  rule('reward.pool', `${BASE}:766`, (facts) => {
    const keys = ['reward.reward_model.n_gpus_per_node', 'reward.reward_model.nnodes'];
    const key = keys.find((path) => facts.number(path) === 0);
    if (!facts.is('reward.reward_model.enable_resource_pool', true) || key === undefined) return undefined;
    return { text: `A resource pool needs ${key} above 0.`, at: [key, 'reward.reward_model.enable_resource_pool'] };
  }),
  rule('resume.path', `${BASE}:808`, (facts) => {
    const key = 'trainer.resume_from_path';
    const path = facts.value(key);
    if (!facts.is('trainer.resume_mode', 'resume_path') || path === undefined) return undefined;
    if (typeof path === 'string' && path.includes('global_step_')) return undefined;
    return { text: `resume_mode resume_path needs ${key} with global_step_ in it.`, at: [key, 'trainer.resume_mode'] };
  }),
  rule('val.temperature', 'verl/utils/config.py:187', (facts) => {
    const key = `${ROLLOUT}.temperature`;
    const temperature = facts.number(key);
    if (!facts.is(`${ROLLOUT}.val_kwargs.do_sample`, true) || temperature === undefined || temperature > 0)
      return undefined;
    return {
      text: `val_kwargs.do_sample needs ${key} above 0.`,
      at: [key, `${ROLLOUT}.val_kwargs.do_sample`],
      mends: [{ path: key, value: 1 }],
    };
  }),
  {
    ...rule('kl.both', 'verl/utils/config.py:170', (facts) =>
      facts.is('algorithm.use_kl_in_reward', true) && facts.is(`${ACTOR}.use_kl_loss`, true)
        ? {
            text: 'KL counts twice: in the reward and in the loss.',
            at: ['algorithm.use_kl_in_reward', `${ACTOR}.use_kl_loss`],
            mends: [{ path: 'algorithm.use_kl_in_reward', value: false }],
          }
        : undefined,
    ),
    weight: 'warning',
  },
  rule('clip.dual', 'verl/trainer/ppo/core_algos.py:1250', (facts) => {
    const key = `${ACTOR}.clip_ratio_c`;
    const bound = facts.number(key);
    if (bound === undefined || bound > 1 || !facts.given(key)) return undefined;
    return { text: `${key} = ${bound} must be above 1.`, at: [key], mends: [{ path: key, value: 3 }] };
  }),
  rule('rc.rs_threshold', 'verl/trainer/ppo/rollout_corr_helper.py:136', (facts) => {
    const [mode, threshold] = [
      'algorithm.rollout_correction.rollout_rs',
      'algorithm.rollout_correction.rollout_rs_threshold',
    ];
    return facts.isSet(mode) && facts.value(mode) !== undefined && facts.value(threshold) === null
      ? { text: `rollout_rs needs ${threshold}.`, at: [mode], mends: [{ path: threshold, value: 2 }] }
      : undefined;
  }),
  rule('rc.rs_option', 'verl/trainer/ppo/rollout_corr_helper.py:254', (facts) => {
    const key = 'algorithm.rollout_correction.rollout_rs';
    const options = facts.text(key)?.split(',') ?? [];
    const unknown = options.find(
      (option) => !/^(token_k[123]|seq_(sum|mean)_k[123]|seq_max_k[23])$/.test(option.trim()),
    );
    return unknown === undefined ? undefined : { text: `rollout_rs knows no ${unknown.trim()}.`, at: [key] };
  }),
];
