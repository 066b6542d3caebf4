import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { algorithmRules } from './algorithmRules';
import { batchRules } from './batchRules';
import { isWhole } from './names';
import { recordRule } from '../recording';
import { rolloutRules } from './rolloutRules';

const unrecorded = recordRule({
  id: 'verl.nothing_recorded',
  source: 'verl/trainer/ppo/v1/trainer_base.py:1137',
  since: '0.4.0',
  key: 'trainer.rollout_data_dir',
  value: 'rollouts',
  silent: (facts) => isWhole(facts) && facts.is('trainer.rollout_data_dir', null),
});

/**
 * First releases with a check, where it came later than its keys: read from the tags. Before 0.8.0 the workers made sizes
 * for each GPU of the old ones (`verl/workers/fsdp_workers.py @ 0.7.1`).
 */
const SINCE: Readonly<Record<string, string>> = {
  'verl.batch.mini_le_train': '0.3.0',
  'verl.gpu.available': '0.3.0',
  'verl.rollout.ep': '0.6.0',
  'verl.rollout.moe_tp': '0.6.0',
  'verl.rollout.pp': '0.6.0',
  'verl.parallel.vllm_dp': '0.6.0',
  'verl.parallel.rollout_replica_node': '0.6.0',
  'verl.lora.max_rank': '0.6.1',
  'verl.rollout.mode_sync': '0.7.0',
  'verl.batch.mini_total_vs_dp': '0.8.0',
  'verl.batch.dynamic_flags_equal': '0.8.0',
  'verl.batch.dynamic_token_budget_set': '0.8.0',
  'verl.batch.static_per_gpu_set': '0.8.0',
  'verl.filter.metric_required': '0.9.0',
  'verl.filter.reward_path': '0.9.0',
  'verl.filter.max_num_gen': '0.9.0',
  'verl.filter.gen_batch': '0.9.0',
};

/** verl's rules between parameters: batch sizes first, as `validate_config` has them. */
export const verlRules: readonly Rule[] = [...batchRules, ...rolloutRules, ...algorithmRules, unrecorded].map(
  (rule) => ({
    ...rule,
    ...(SINCE[rule.id] === undefined ? {} : { since: SINCE[rule.id] }),
    broken: (facts) => (isOwn(facts) ? rule.broken(facts) : undefined),
  }),
);

/** Programs of the same family share the keys, not every check. */
function isOwn({ sheet }: Facts): boolean {
  return sheet.dialect !== 'overrides' || sheet.command.at(-1) === 'verl.trainer.main_ppo';
}
