import type { Facts } from '../facts';
import { nearestThatFit, type Rule } from '../rule';
import { ACTOR, GPUS, gpus, isWhole, ROLLOUT, rule, warning } from './names';

const TP = `${ROLLOUT}.tensor_model_parallel_size`;
const DP = `${ROLLOUT}.data_parallel_size`;
const PP = `${ROLLOUT}.pipeline_model_parallel_size`;

/** GPUs of one rollout replica. */
function replica(facts: Facts): number | undefined {
  const sizes = [TP, DP, PP].map((path) => facts.number(path));
  return sizes.includes(undefined) ? undefined : sizes.reduce<number>((all, size) => all * (size ?? 1), 1);
}

const engine = (facts: Facts): string | undefined => facts.text(`${ROLLOUT}.name`);

/** Rules on the inference engine and on how the GPUs are shared. */
export const rolloutRules: readonly Rule[] = [
  {
    ...rule('rollout.name_required', 'verl/workers/rollout/replica.py:316', (facts) =>
      isWhole(facts) && !facts.given(`${ROLLOUT}.name`)
        ? {
            text: `${ROLLOUT}.name is missing: vllm, sglang or trtllm.`,
            at: [`${ROLLOUT}.name`],
            mends: [{ path: `${ROLLOUT}.name`, value: 'vllm' }],
          }
        : undefined,
    ),
    since: '0.6.0',
  },
  rule('rollout.mode_sync', 'verl/workers/config/rollout.py:279', (facts) =>
    facts.is(`${ROLLOUT}.mode`, 'sync')
      ? {
          text: `${ROLLOUT}.mode sync is gone: only async is left.`,
          at: [`${ROLLOUT}.mode`],
          mends: [{ path: `${ROLLOUT}.mode`, value: 'async' }],
        }
      : undefined,
  ),
  rule('rollout.ep', 'verl/workers/config/rollout.py:293', (facts) => {
    const key = `${ROLLOUT}.expert_parallel_size`;
    const [ep, tp, dp] = [facts.number(key), facts.number(TP), facts.number(DP)];
    if (!engine(facts) || engine(facts) === 'trtllm' || !ep || ep <= 1 || !tp || !dp || ep === tp * dp)
      return undefined;
    return { text: `${key} = ${ep} must be TP × DP = ${tp * dp}.`, at: [key], mends: [{ path: key, value: tp * dp }] };
  }),
  rule('rollout.moe_tp', 'verl/workers/config/rollout.py:298', (facts) => {
    const key = `${ROLLOUT}.moe_tensor_parallel_size`;
    const size = facts.number(key);
    if (!size || size <= 1 || !engine(facts) || engine(facts) === 'trtllm') return undefined;
    return { text: `${key} works with trtllm only.`, at: [key], mends: [{ path: key, value: 1 }] };
  }),
  rule('rollout.pp', 'verl/workers/config/rollout.py:319', (facts) => {
    const size = facts.number(PP);
    if (!size || size <= 1) return undefined;
    return { text: `${PP} must be 1: no engine supports more.`, at: [PP], mends: [{ path: PP, value: 1 }] };
  }),
  rule('rollout.disagg', 'verl/workers/config/rollout.py:341', (facts) =>
    facts.is(`${ROLLOUT}.disaggregation.enabled`, true) && engine(facts) === 'trtllm'
      ? { text: 'Disaggregation works with sglang and vllm only.', at: [`${ROLLOUT}.disaggregation.enabled`] }
      : undefined,
  ),
  rule('parallel.rollout_divides_world', 'verl/workers/engine_workers.py:658', (facts) => {
    const [world, size] = [gpus(facts), replica(facts)];
    if (!world || !size || world % size === 0 || !(isWhole(facts) || facts.given(TP))) return undefined;
    const tp = facts.number(TP) ?? 1;
    const rest = size / tp;
    const near = [1, ...nearestThatFit(tp, (value) => world % (value * rest) === 0)].filter((value) => value <= world);
    const standard = facts.given(TP) ? '' : ' (the default)';
    return {
      text: `${world} GPUs are not divisible by the rollout's ${size}: ${TP} = ${tp}${standard}.`,
      at: [TP, GPUS],
      mends: [...new Set(near)].map((value) => ({ path: TP, value })),
    };
  }),
  rule('parallel.rollout_replica_node', 'verl/workers/rollout/replica.py:114', (facts) => {
    const [node, size] = [facts.number(GPUS), replica(facts)];
    if (!node || !size || size <= node || size % node === 0) return undefined;
    return {
      text: `A rollout replica of ${size} GPUs (TP × DP × PP) spans nodes of ${node}: it must fill whole nodes.`,
      at: [TP, GPUS],
      mends: [{ path: TP, value: 1 }],
    };
  }),
  rule('parallel.vllm_dp', 'verl/workers/rollout/vllm_rollout/vllm_async_server.py:362', (facts) => {
    const [dp, tp, node] = [facts.number(DP), facts.number(TP), facts.number(GPUS)];
    if (engine(facts) !== 'vllm' || !dp || dp <= 1 || !tp || !node || node % tp === 0) return undefined;
    return { text: `With ${DP} above 1 the ${node} GPUs of a node must be divisible by ${TP} = ${tp}.`, at: [TP] };
  }),
  rule('parallel.actor_sp_needs_rmpad', 'verl/workers/config/actor.py:342', (facts) => {
    const key = `${ACTOR}.ulysses_sequence_parallel_size`;
    return needsPadding(facts, key);
  }),
  rule('parallel.engine_sp_needs_rmpad', 'verl/workers/engine/fsdp/transformer_impl.py:129', (facts) =>
    needsPadding(facts, `${ACTOR}.fsdp_config.ulysses_sequence_parallel_size`),
  ),
  rule('gpu.available', 'verl/single_controller/ray/base.py:241', (facts) => {
    const [asked, there] = [gpus(facts), facts.around.gpus];
    if (asked === undefined || there === undefined || asked <= there) return undefined;
    return {
      text: `trainer.n_gpus_per_node × trainer.nnodes = ${asked} GPUs are asked for, ${there} are there.`,
      at: [GPUS],
      mends: [{ path: GPUS, value: there }],
    };
  }),
  rule('lora.max_rank', 'verl/workers/rollout/vllm_rollout/utils.py:96', (facts) => {
    const key = ['actor_rollout_ref.model.lora_rank', 'actor_rollout_ref.model.lora.rank'].find(
      (path) => (facts.number(path) ?? 0) > 512,
    );
    if (key === undefined || engine(facts) !== 'vllm') return undefined;
    return {
      text: `vLLM serves adapters up to rank 512, not ${facts.number(key)}.`,
      at: [key],
      mends: [{ path: key, value: 512 }],
    };
  }),
  warning('length.prompt_left_truncated', 'verl/experimental/agent_loop/agent_loop.py:411', (facts) => {
    const [kept, longest] = [facts.number(`${ROLLOUT}.prompt_length`), facts.number('data.max_prompt_length')];
    if (kept === undefined || longest === undefined || longest <= kept) return undefined;
    return {
      text: `Prompts up to ${longest} tokens are cut from the left to ${ROLLOUT}.prompt_length = ${kept}.`,
      at: [`${ROLLOUT}.prompt_length`],
    };
  }),
];

function needsPadding(facts: Facts, key: string): ReturnType<Rule['broken']> {
  const size = facts.number(key);
  const model = 'actor_rollout_ref.model.use_remove_padding';
  if (!size || size <= 1 || !facts.is(model, false)) return undefined;
  return { text: `${key} = ${size} needs ${model}=True.`, at: [key, model], mends: [{ path: model, value: true }] };
}
