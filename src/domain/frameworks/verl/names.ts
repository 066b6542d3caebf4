import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { engineOf } from './key';

export const ACTOR = 'actor_rollout_ref.actor';
export const ROLLOUT = 'actor_rollout_ref.rollout';
export const REF = 'actor_rollout_ref.ref';
export const TRAIN = 'data.train_batch_size';
export const GPUS = 'trainer.n_gpus_per_node';

/** GPUs in all, where the text tells. */
export function gpus(facts: Facts): number | undefined {
  const [each, nodes] = [facts.number(GPUS), facts.number('trainer.nnodes')];
  return each === undefined || nodes === undefined ? undefined : each * nodes;
}

export const isDynamic = (facts: Facts): boolean | undefined => {
  const value = facts.value(`${ACTOR}.use_dynamic_bsz`);
  return typeof value === 'boolean' ? value : undefined;
};

export const isMegatron = (facts: Facts): boolean =>
  engineOf(facts.sheet) === 'megatron' || facts.is(`${ACTOR}.strategy`, 'megatron');

/** A file may be half of a configuration, another program may have other defaults; this command alone is whole. */
export const isWhole = (facts: Facts): boolean =>
  facts.sheet.command.at(-1) === 'verl.trainer.main_ppo' && facts.sheet.open !== true;

export function rule(id: string, source: string, broken: Rule['broken']): Rule {
  return { id: `verl.${id}`, weight: 'error', source, broken };
}

export function warning(id: string, source: string, broken: Rule['broken']): Rule {
  return { id: `verl.${id}`, weight: 'warning', source, broken };
}
