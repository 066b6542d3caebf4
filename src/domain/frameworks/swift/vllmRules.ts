import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { swiftWorld } from './world';

const ARGS = 'swift/arguments/rlhf_args.py';
const uses = (facts: Facts): boolean => facts.is('use_vllm', true);
const serves = (facts: Facts): boolean => facts.is('vllm_mode', 'server');
const external = (facts: Facts): boolean =>
  facts.mayBeSet('vllm_server_host') || facts.mayBeSet('vllm_server_base_url');

/** Rules on how vLLM makes the completions. */
export const vllmRules: readonly Rule[] = [
  {
    id: 'swift.mode_needs_use_vllm',
    weight: 'error',
    source: `${ARGS}:444`,
    since: '3.11.1',
    broken: (facts) =>
      facts.isSet('vllm_mode') && facts.value('vllm_mode') !== undefined && facts.is('use_vllm', false)
        ? {
            text: 'vllm_mode is set, but vLLM is not used: set use_vllm true.',
            at: ['vllm_mode'],
            mends: [{ path: 'use_vllm', value: true }],
          }
        : undefined,
  },
  {
    id: 'swift.use_vllm_needs_mode',
    weight: 'error',
    source: `${ARGS}:447`,
    since: '3.11.1',
    broken: (facts) =>
      uses(facts) && !facts.isSet('vllm_mode')
        ? {
            text: 'use_vllm needs vllm_mode: colocate shares the GPUs with the training, server asks a running swift rollout.',
            at: ['use_vllm'],
            mends: [
              { path: 'vllm_mode', value: 'colocate' },
              { path: 'vllm_mode', value: 'server' },
            ],
          }
        : undefined,
  },
  {
    id: 'swift.server_needs_address',
    weight: 'error',
    source: `${ARGS}:452`,
    broken: (facts) =>
      uses(facts) && serves(facts) && !external(facts)
        ? {
            text: 'vllm_mode server needs vllm_server_host or vllm_server_base_url.',
            at: ['vllm_mode'],
            mends: [{ path: 'vllm_server_host', value: '127.0.0.1' }],
          }
        : undefined,
  },
  {
    id: 'swift.server_list_len',
    weight: 'error',
    source: 'swift/rlhf_trainers/vllm_client.py:67',
    broken: (facts) => {
      const [hosts, ports] = [facts.list('vllm_server_host'), facts.list('vllm_server_port')];
      if (!hosts || !ports || facts.isSet('vllm_server_base_url') || hosts.length === ports.length) return undefined;
      return {
        text: `${hosts.length} vllm_server_host for ${ports.length} vllm_server_port: give one port for each host.`,
        at: ['vllm_server_port', 'vllm_server_host'],
      };
    },
  },
  {
    id: 'swift.server_max_model_len',
    weight: 'warning',
    source: `${ARGS}:704`,
    broken: (facts) =>
      serves(facts) && facts.isSet('vllm_max_model_len') && facts.isSet('vllm_server_host')
        ? {
            text: 'An external server does not hear of vllm_max_model_len: set it on swift rollout.',
            at: ['vllm_max_model_len'],
            mends: [{ path: 'vllm_max_model_len', value: null }],
          }
        : undefined,
  },
  {
    id: 'swift.async_needs_server',
    weight: 'error',
    source: `${ARGS}:455`,
    broken: (facts) =>
      facts.is('async_generate', true) && facts.value('vllm_mode') !== undefined && !serves(facts)
        ? {
            text: 'async_generate works with vllm_mode server only.',
            at: ['async_generate', 'vllm_mode'],
            mends: [{ path: 'async_generate', value: false }],
          }
        : undefined,
  },
  {
    id: 'swift.async_no_multi_turn',
    weight: 'error',
    source: `${ARGS}:568`,
    broken: (facts) =>
      facts.is('async_generate', true) && facts.isSet('multi_turn_scheduler')
        ? {
            text: 'async_generate and multi_turn_scheduler exclude each other.',
            at: ['async_generate', 'multi_turn_scheduler'],
            mends: [{ path: 'async_generate', value: false }],
          }
        : undefined,
  },
  {
    id: 'swift.tp_forced_one',
    weight: 'warning',
    source: `${ARGS}:461`,
    broken: (facts) => {
      const size = facts.number('vllm_tensor_parallel_size');
      if (!facts.is('use_vllm', false) || size === undefined || size === 1) return undefined;
      return { text: `Without vLLM vllm_tensor_parallel_size = ${size} becomes 1.`, at: ['vllm_tensor_parallel_size'] };
    },
  },
  {
    id: 'swift.tp_divides_world',
    weight: 'error',
    source: 'swift/rlhf_trainers/rollout_mixin.py:434',
    broken: (facts) => {
      const [world, size] = [swiftWorld(facts), facts.number('vllm_tensor_parallel_size')];
      if (!uses(facts) || !facts.is('vllm_mode', 'colocate') || !world || !size || world % size === 0) return undefined;
      return {
        text: `${world} processes are not divisible by vllm_tensor_parallel_size = ${size}.`,
        at: ['vllm_tensor_parallel_size'],
      };
    },
  },
  {
    id: 'swift.sleep_level_forced',
    weight: 'hint',
    source: `${ARGS}:346`,
    broken: (facts) => {
      const level = facts.number('sleep_level');
      const forced = facts.is('async_generate', true) || facts.is('use_vllm', false) || serves(facts);
      if (!forced || level === undefined || level === 0) return undefined;
      return { text: `sleep_level = ${level} becomes 0 here: vLLM does not share these GPUs.`, at: ['sleep_level'] };
    },
  },
  {
    id: 'swift.reasoning_parser',
    weight: 'error',
    source: 'swift/rlhf_trainers/arguments.py:108',
    broken: (facts) =>
      facts.isSet('vllm_reasoning_parser') && facts.value('vllm_reasoning_parser') !== undefined
        ? {
            text: 'vllm_reasoning_parser must stay unset for GRPO.',
            at: ['vllm_reasoning_parser'],
            mends: [{ path: 'vllm_reasoning_parser', value: null }],
          }
        : undefined,
  },
  {
    id: 'swift.context_budget',
    weight: 'hint',
    source: 'no check in ms-swift',
    broken: (facts) => {
      const [limit, prompt, answer] = ['vllm_max_model_len', 'max_length', 'max_completion_length'].map((path) =>
        facts.number(path),
      );
      if (!uses(facts) || limit === undefined || prompt === undefined || answer === undefined) return undefined;
      if (!facts.given('vllm_max_model_len') || !facts.given('max_length') || prompt + answer <= limit)
        return undefined;
      return {
        text: `max_length ${prompt} + max_completion_length ${answer} = ${prompt + answer} tokens do not fit vllm_max_model_len = ${limit}: long prompts fail during rollout.`,
        at: ['vllm_max_model_len'],
        mends: [{ path: 'vllm_max_model_len', value: prompt + answer }],
      };
    },
  },
];
