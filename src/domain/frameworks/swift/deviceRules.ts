import type { Facts } from '../facts';
import type { Rule, Said } from '../rule';
import { visibleDevices } from '../world';

const SFT = 'swift/arguments/sft_args.py';

interface Devices {
  readonly visible: number;
  readonly processes: number;
}

/** Visible GPUs and processes of a node, where the script tells both. */
function devices(facts: Facts): Devices | undefined {
  const text = facts.environment('NPROC_PER_NODE');
  const visible = visibleDevices(facts);
  if (visible === undefined || text === undefined || (text !== null && !/^\d+$/.test(text))) return undefined;
  return { visible, processes: text === null ? 1 : Number(text) };
}

/** Each process sees two GPUs or more, and would spread the model over them. */
function spreads(facts: Facts): Devices | undefined {
  const found = devices(facts);
  return found && found.visible / found.processes >= 2 ? found : undefined;
}

function spread(facts: Facts, what: string, at: string): Said | undefined {
  const found = spreads(facts);
  if (!found) return undefined;
  const { visible, processes } = found;
  return {
    text: `${what} wants one GPU for each process: CUDA_VISIBLE_DEVICES shows ${visible}, NPROC_PER_NODE is ${processes}. Set NPROC_PER_NODE=${visible}.`,
    at: [at],
  };
}

const FLASH = /^flash_(attn|attention_[234])$/;

/** Rules on GPUs, processes, sharding and attention. */
export const deviceRules: readonly Rule[] = [
  {
    id: 'swift.vllm_no_device_map',
    weight: 'error',
    source: 'swift/arguments/rlhf_args.py:541',
    broken: (facts) => (facts.is('use_vllm', true) ? spread(facts, 'vLLM', 'use_vllm') : undefined),
  },
  {
    id: 'swift.gpu_count_divisible',
    weight: 'error',
    source: 'swift/utils/env.py:70',
    broken: (facts) => {
      const found = devices(facts);
      if (!found || found.visible % found.processes === 0) return undefined;
      return {
        text: `${found.visible} visible GPUs are not divisible by NPROC_PER_NODE = ${found.processes}.`,
        at: [],
      };
    },
  },
  {
    id: 'swift.deepspeed_no_device_map',
    weight: 'error',
    source: `${SFT}:254`,
    broken: (facts) => (facts.isSet('deepspeed') ? spread(facts, 'DeepSpeed', 'deepspeed') : undefined),
  },
  {
    id: 'swift.fsdp_no_deepspeed',
    weight: 'error',
    source: `${SFT}:294`,
    broken: (facts) =>
      facts.isSet('fsdp') && facts.isSet('deepspeed')
        ? {
            text: 'fsdp and deepspeed exclude each other.',
            at: ['fsdp', 'deepspeed'],
            mends: [{ path: 'fsdp', value: null }],
          }
        : undefined,
  },
  {
    id: 'swift.fsdp2_only',
    weight: 'error',
    source: 'swift/rlhf_trainers/rollout_mixin.py:111',
    broken: (facts) => {
      const fsdp = facts.text('fsdp');
      if (fsdp === undefined || fsdp === '' || fsdp === 'fsdp2') return undefined;
      const json = fsdp.startsWith('{') ? fsdp : facts.around.file?.(fsdp);
      const isOld = json !== undefined && /"fsdp_version"\s*:\s*1\b/.test(json);
      if (!isOld && (json !== undefined || /\.json$/.test(fsdp))) return undefined;
      return {
        text: isOld
          ? 'GRPO works with FSDP2 only: fsdp_version must be 2.'
          : `fsdp takes fsdp2 or a JSON file, not ${fsdp}.`,
        at: ['fsdp'],
        mends: [{ path: 'fsdp', value: 'fsdp2' }],
      };
    },
  },
  {
    id: 'swift.fsdp2_save_only_model',
    weight: 'error',
    source: `${SFT}:341`,
    broken: (facts) =>
      facts.is('fsdp', 'fsdp2') && facts.is('save_only_model', true)
        ? {
            text: 'The preset fsdp2 saves in shards (SHARDED_STATE_DICT), which save_only_model cannot.',
            at: ['save_only_model', 'fsdp'],
            mends: [{ path: 'save_only_model', value: false }],
          }
        : undefined,
  },
  {
    id: 'swift.hpz_needs_deepspeed',
    weight: 'warning',
    source: `${SFT}:270`,
    broken: (facts) =>
      facts.isSet('zero_hpz_partition_size') && !facts.mayBeSet('deepspeed')
        ? {
            text: 'Without deepspeed zero_hpz_partition_size does nothing.',
            at: ['zero_hpz_partition_size'],
            mends: [{ path: 'deepspeed', value: 'zero3' }],
          }
        : undefined,
  },
  {
    id: 'swift.padding_free_attn',
    weight: 'error',
    source: `${SFT}:195`,
    broken: (facts) => {
      const key = ['padding_free', 'packing'].find((path) => facts.is(path, true));
      const attention = facts.value('attn_impl');
      if (key === undefined || attention === undefined || FLASH.test(String(attention))) return undefined;
      if (attention === null && !facts.given('attn_impl') && facts.sheet.open) return undefined;
      const given = attention === null ? 'is not set' : `is ${String(attention)}`;
      return {
        text: `${key} needs a flash attention, but attn_impl ${given}.`,
        at: ['attn_impl', key],
        mends: [{ path: 'attn_impl', value: 'flash_attn' }],
      };
    },
  },
  {
    id: 'swift.lazy_packing',
    weight: 'error',
    source: 'swift/arguments/base_args/base_args.py:138',
    broken: (facts) => {
      const other = ['packing', 'streaming'].find((path) => facts.is(path, true));
      if (other === undefined || !facts.is('lazy_tokenize', true)) return undefined;
      return {
        text: `lazy_tokenize and ${other} exclude each other.`,
        at: ['lazy_tokenize', other],
        mends: [{ path: 'lazy_tokenize', value: false }],
      };
    },
  },
  {
    id: 'swift.warmup_exclusive',
    weight: 'error',
    source: 'swift/trainers/arguments.py:229',
    since: '4.5.0',
    broken: (facts) => {
      const [ratio, steps] = [facts.number('warmup_ratio'), facts.number('warmup_steps')];
      if (ratio !== undefined && ratio >= 1)
        return { text: `warmup_ratio = ${ratio} must be below 1.`, at: ['warmup_ratio'] };
      if (!ratio || !steps || !facts.given('warmup_ratio') || !facts.given('warmup_steps')) return undefined;
      return {
        text: 'warmup_ratio and warmup_steps exclude each other.',
        at: ['warmup_ratio', 'warmup_steps'],
        mends: [{ path: 'warmup_steps', value: null }],
      };
    },
  },
];
