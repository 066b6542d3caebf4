import { readDocument } from '../../dialects/all';
import { catalogueFrom, type StoredParameter } from '../../language/catalogue';
import type { Catalogue, Value } from '../../config/parameter';
import type { Setting, Sheet } from '../../config/sheet';
import type { Facts } from '../facts';
import { own } from '../own';
import type { Framework } from '../framework';
import type { Mend, Rule } from '../rule';
import { processes } from '../world';

const GUIDE = 'https://www.deepspeed.ai/docs/config-json/';

const row = (path: string, type: string, doc: string, more: Partial<StoredParameter> = {}): StoredParameter => {
  return { path, type, doc, source: GUIDE, ...more };
};

/** The settings that trainings use, by DeepSpeed's own manual (0.17); other keys are let be. */
const catalogue: Catalogue = catalogueFrom(
  {
    framework: 'deepspeed',
    version: '0.17',
    repository: 'deepspeedai/DeepSpeed',
    parameters: [
      row('train_batch_size', 'int', 'Samples of one optimizer step on all GPUs; `auto`: what the trainer says.'),
      row('train_micro_batch_size_per_gpu', 'int', 'Samples of one pass on one GPU; `auto`: what the trainer says.'),
      row('gradient_accumulation_steps', 'int', 'Passes before an optimizer step; `auto`: what the trainer says.'),
      row('gradient_clipping', 'float', 'Largest norm of the gradient; `auto`: `max_grad_norm`.'),
      row('steps_per_print', 'int | float', 'Steps between two lines of progress.', { default: 10 }),
      row('wall_clock_breakdown', 'bool', 'Times of forward, backward and step.', { default: false }),
      row(
        'zero_optimization.stage',
        'int',
        '0: nothing is split, 1: optimizer states, 2: gradients too, 3: weights too.',
        { choices: [0, 1, 2, 3], default: 0 },
      ),
      row('zero_optimization.offload_optimizer.device', 'str', 'Where optimizer states are kept.', {
        choices: ['none', 'cpu', 'nvme'],
        default: 'none',
      }),
      row('zero_optimization.offload_optimizer.pin_memory', 'bool', 'Faster copies for more host memory.', {
        default: false,
      }),
      row('zero_optimization.offload_param.device', 'str', 'Where weights are kept; stage 3 only.', {
        choices: ['none', 'cpu', 'nvme'],
        default: 'none',
      }),
      row('zero_optimization.offload_param.pin_memory', 'bool', 'Faster copies for more host memory.', {
        default: false,
      }),
      row('zero_optimization.overlap_comm', 'bool', 'Reduces gradients while the backward pass goes on.'),
      row('zero_optimization.contiguous_gradients', 'bool', 'Gradients lie together: less fragmentation.', {
        default: true,
      }),
      row('zero_optimization.reduce_bucket_size', 'int | float', 'Numbers reduced at once.'),
      row(
        'zero_optimization.stage3_gather_16bit_weights_on_model_save',
        'bool',
        'Whole weights are written when the model is saved; stage 3 only.',
        { default: false },
      ),
      row(
        'zero_optimization.stage3_max_live_parameters',
        'int | float',
        'Numbers of weights on one GPU at once; stage 3 only.',
      ),
      row('bf16.enabled', 'bool', 'Trains in bf16; `auto`: what the trainer says.', { default: false }),
      row('fp16.enabled', 'bool', 'Trains in fp16; `auto`: what the trainer says.', { default: false }),
      row('optimizer.params.lr', 'float', 'Learning rate; `auto`: what the trainer says.'),
      row('scheduler.params.warmup_max_lr', 'float', 'Learning rate after the warm-up; `auto`: what the trainer says.'),
    ].map((one) => ({ ...one, grpo: true })),
    removed: [],
  },
  'shipped',
);

const SIGNS = [
  'zero_optimization',
  'train_micro_batch_size_per_gpu',
  'train_batch_size',
  'bf16.enabled',
  'fp16.enabled',
];

const about = (id: string, broken: Rule['broken']): Rule => ({
  id: `deepspeed.${id}`,
  weight: 'error',
  source: GUIDE,
  broken,
});

const rules: readonly Rule[] = [
  about('fp16_bf16', (facts) =>
    facts.is('fp16.enabled', true) && facts.is('bf16.enabled', true)
      ? { text: 'fp16.enabled and bf16.enabled exclude each other.', at: ['fp16.enabled', 'bf16.enabled'] }
      : undefined,
  ),
  about('batch', (facts) => {
    const [whole, micro, steps] = [
      'train_batch_size',
      'train_micro_batch_size_per_gpu',
      'gradient_accumulation_steps',
    ].map((path) => (facts.isSet(path) ? facts.number(path) : undefined));
    const each = (micro ?? NaN) * (steps ?? NaN);
    if (whole === undefined || Number.isNaN(each) || whole % each === 0) return undefined;
    const text = `train_batch_size = ${whole} is no multiple of ${micro} × ${steps} = ${each}: no number of GPUs fits.`;
    return { text, at: ['train_batch_size'] };
  }),
  {
    ...about('offload_param', (facts) =>
      facts.isSet('zero_optimization.offload_param.device') &&
      !facts.is('zero_optimization.offload_param.device', 'none') &&
      (facts.number('zero_optimization.stage') ?? 3) < 3
        ? {
            text: `offload_param works at stage 3 only; here it is stage ${facts.number('zero_optimization.stage')}.`,
            at: ['zero_optimization.offload_param.device'],
          }
        : undefined,
    ),
    weight: 'warning',
  },
];

/** DeepSpeed's own file, judged beside the frameworks: what it says must fit what the trainer says. */
export const deepspeed: Framework = {
  ...own,
  name: 'DeepSpeed',
  catalogue,
  isIn: ({ dialect, settings }) =>
    (dialect === 'yaml' || dialect === 'json') &&
    SIGNS.filter((sign) => settings.some(({ path }) => path === sign)).length > 1
      ? 0.5
      : 0,
  judges: () => 'known',
  reads: 'values',
  key: (setting) => (setting.value === 'auto' ? [] : undefined),
  rules,
};

/** A file that DeepSpeed reads, by the path that a trainer is given; undefined where it cannot be read. */
export function deepspeedFile(facts: Facts, path: string | undefined): Sheet | undefined {
  if (path === undefined || !/\.json$/.test(path)) return undefined;
  const text = facts.around.file?.(path);
  return text === undefined ? undefined : readDocument('yaml', text, undefined).sheets[0];
}

/** DeepSpeed's key, the trainer's, and how to write it (`integrations/deepspeed.py:trainer_config_process @ transformers 5.23`). */
const EQUAL: readonly (readonly [string, string])[] = [
  ['train_micro_batch_size_per_gpu', 'per_device_train_batch_size'],
  ['gradient_accumulation_steps', 'gradient_accumulation_steps'],
  ['gradient_clipping', 'max_grad_norm'],
  ['optimizer.params.lr', 'learning_rate'],
  ['optimizer.params.eps', 'adam_epsilon'],
  ['optimizer.params.weight_decay', 'weight_decay'],
  ['scheduler.params.warmup_max_lr', 'learning_rate'],
  ['fp16.enabled', 'fp16'],
  ['bf16.enabled', 'bf16'],
];

/** The trainer stops where its own settings and those of the file differ and are not `auto`. */
export function deepspeedRule(framework: 'trl' | 'swift'): Rule {
  return {
    id: `${framework}.hf_deepspeed`,
    weight: 'error',
    source: 'huggingface/transformers:src/transformers/integrations/deepspeed.py:118',
    broken: (facts) => {
      const sheet = facts.isSet('deepspeed') ? deepspeedFile(facts, facts.text('deepspeed')) : undefined;
      if (!sheet) return undefined;
      const given = new Map(sheet.settings.map((setting) => [setting.path, setting]));
      const differing = EQUAL.flatMap(([key, path]) => differs(given.get(key), facts.value(path), { key, path }));
      const whole = total(given.get('train_batch_size'), facts);
      const all = [...differing, ...whole];
      if (all.length === 0) return undefined;
      const text = `${facts.text('deepspeed')} says ${all.map(({ text: one }) => one).join(', ')}: write "auto" there.`;
      return {
        text,
        at: ['deepspeed', ...all.map(({ path }) => path)],
        mends: all.flatMap(({ mend }) => mend ?? []).slice(0, 3),
      };
    },
  };
}

interface Difference {
  readonly text: string;
  readonly path: string;
  readonly mend?: Mend;
}

function differs(
  setting: Setting | undefined,
  value: Value | undefined,
  { key, path }: { readonly key: string; readonly path: string },
): Difference[] {
  const said = setting?.value;
  if (said === undefined || said === null || said === 'auto' || value === undefined || value === null) return [];
  if (same(said, value)) return [];
  return [{ text: `${key} = ${String(said)} where ${path} = ${String(value)}`, path, mend: { path, value: said } }];
}

const same = (left: Value, right: Value): boolean =>
  left === right || (!Number.isNaN(Number(left)) && typeof left !== 'boolean' && Number(left) === Number(right));

function total(setting: Setting | undefined, facts: Facts): Difference[] {
  const [each, steps, world] = [
    facts.number('per_device_train_batch_size'),
    facts.number('gradient_accumulation_steps'),
    processes(facts),
  ];
  const said = setting?.value;
  if (typeof said !== 'number' || each === undefined || steps === undefined || world === undefined) return [];
  const whole = each * steps * world;
  if (said === whole) return [];
  const text = `train_batch_size = ${said} where ${each} × ${steps} × ${world} = ${whole}`;
  return [{ text, path: 'per_device_train_batch_size' }];
}
