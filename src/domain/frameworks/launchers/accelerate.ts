import { catalogueFrom, type StoredParameter } from '../../language/catalogue';
import { own } from '../own';
import type { Framework } from '../framework';
import type { Rule } from '../rule';

const CONFIG = 'src/accelerate/commands/config/config_args.py:195';

const row = (path: string, type: string, doc = '', more: Partial<StoredParameter> = {}): StoredParameter => {
  return { path, type, doc, source: CONFIG, grpo: doc !== '', ...more };
};

/** `accelerate config`'s file (`config_args.py` and `config/cluster.py @ accelerate 1.15`). */
const catalogue = catalogueFrom(
  {
    framework: 'accelerate',
    version: '1.15.0',
    repository: 'huggingface/accelerate',
    parameters: [
      row('compute_environment', 'str', 'Where it runs.', {
        choices: ['LOCAL_MACHINE', 'AMAZON_SAGEMAKER'],
        default: 'LOCAL_MACHINE',
      }),
      row('distributed_type', 'str', 'How the processes share the work.', {
        choices: [
          'NO',
          'MULTI_CPU',
          'MULTI_GPU',
          'MULTI_NPU',
          'MULTI_MLU',
          'MULTI_SDAA',
          'MULTI_MUSA',
          'MULTI_XPU',
          'MULTI_HPU',
          'MULTI_NEURON',
          'DEEPSPEED',
          'FSDP',
          'XLA',
          'MEGATRON_LM',
          'TP',
        ],
        required: true,
      }),
      row('mixed_precision', 'str', 'Numbers of the forward pass.', {
        choices: ['no', 'fp16', 'bf16', 'fp8'],
        default: 'no',
      }),
      row('num_processes', 'int', 'Processes on all hosts: one for each GPU.', { default: -1 }),
      row('num_machines', 'int', 'Hosts.', { default: 1 }),
      row('machine_rank', 'int', 'The number of this host, from 0.', { default: 0 }),
      row('main_process_ip', 'str | None', 'Address of host 0.'),
      row('main_process_port', 'int | None', 'Port that the processes meet at.'),
      row('gpu_ids', 'str | None', 'Which GPUs: `all` or `0,1`.'),
      row('main_training_function', 'str', '', { default: 'main' }),
      row('rdzv_backend', 'str | None', '', { default: 'static' }),
      ...[
        'same_network',
        'use_cpu',
        'debug',
        'downcast_bf16',
        'enable_cpu_affinity',
        'tpu_use_cluster',
        'tpu_use_sudo',
        'fp16',
      ].map((path) => row(path, 'bool | str')),
      ...['tpu_name', 'tpu_zone', 'command_file', 'dynamo_backend'].map((path) => row(path, 'str | None')),
      ...['tpu_env', 'tpu_vm', 'commands'].map((path) => row(path, 'list | None')),
      ...[
        'fp8_config',
        'parallelism_config',
        'megatron_lm_config',
        'mpirun_config',
        'dynamo_config',
        'fsdp_config',
        'deepspeed_config',
      ].map((path) => row(path, 'dict')),
      row(
        'deepspeed_config.zero_stage',
        'int',
        '0: nothing is split, 1: optimizer states, 2: gradients too, 3: weights too.',
        { choices: [0, 1, 2, 3] },
      ),
      row(
        'deepspeed_config.deepspeed_config_file',
        'str | None',
        "DeepSpeed's own file; then no other key here counts.",
      ),
      row('deepspeed_config.gradient_accumulation_steps', 'int | str', 'Passes before an optimizer step, or `auto`.'),
      row('deepspeed_config.gradient_clipping', 'float | str', 'Largest norm of the gradient, or `auto`.'),
      row('deepspeed_config.offload_optimizer_device', 'str', 'Where optimizer states are kept.', {
        choices: ['none', 'cpu', 'nvme'],
      }),
      row('deepspeed_config.offload_param_device', 'str', 'Where weights are kept; stage 3 only.', {
        choices: ['none', 'cpu', 'nvme'],
      }),
      row('deepspeed_config.zero3_init_flag', 'bool', 'Weights are split while they are made; stage 3 only.'),
      row(
        'deepspeed_config.zero3_save_16bit_model',
        'bool',
        'Whole weights are written when the model is saved; stage 3 only.',
      ),
    ],
    removed: [],
  },
  'shipped',
);

const rules: readonly Rule[] = [
  {
    id: 'accelerate.distributed_type',
    weight: 'error',
    source: 'src/accelerate/commands/config/config_args.py:107',
    broken: (facts) =>
      facts.mayBeSet('distributed_type')
        ? undefined
        : { text: 'accelerate needs distributed_type: it stops at a file without it.', at: ['compute_environment'] },
  },
  {
    id: 'accelerate.deepspeed_file',
    weight: 'error',
    source: 'src/accelerate/utils/dataclasses.py:1527',
    broken: (facts) => {
      if (!facts.isSet('deepspeed_config.deepspeed_config_file')) return undefined;
      const others = [
        'gradient_accumulation_steps',
        'gradient_clipping',
        'zero_stage',
        'offload_optimizer_device',
        'offload_param_device',
        'zero3_save_16bit_model',
      ];
      const at = others.map((name) => `deepspeed_config.${name}`).filter((path) => facts.given(path) !== undefined);
      const [first, ...rest] = at;
      if (first === undefined) return undefined;
      const text = `With deepspeed_config_file accelerate refuses ${[first, ...rest].join(', ')}: say it in that file.`;
      return { text, at: [first, ...rest], mends: at.map((path) => ({ path, value: null })) };
    },
  },
];

/** accelerate's own file, judged beside the frameworks. An unknown key at the top stops it. */
export const accelerate: Framework = {
  ...own,
  name: 'accelerate',
  catalogue,
  isIn: ({ dialect, settings }) =>
    dialect === 'yaml' &&
    settings.some(({ path }) => path === 'distributed_type') &&
    settings.some(({ path }) => SIGNS.has(path))
      ? 0.7
      : 0,
  judges: () => 'all',
  reads: 'values',
  rules,
};

const SIGNS = new Set(['compute_environment', 'num_processes', 'num_machines', 'machine_rank', 'mixed_precision']);
