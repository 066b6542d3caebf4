import { catalogueFrom, type StoredParameter } from '../../language/catalogue';
import type { Facts } from '../facts';
import type { Framework } from '../framework';
import { own } from '../own';
import type { Rule } from '../rule';

const CONFIG = 'src/peft/tuners/lora/config.py';

const row = (path: string, type: string, line: number, more: Partial<StoredParameter> = {}): StoredParameter => {
  return { path, type, source: `${CONFIG}:${line}`, ...more, grpo: more.doc !== undefined };
};

/** From `src/peft/config.py`. */
const base = (path: string, type: string, line: number, more: Partial<StoredParameter> = {}): StoredParameter => {
  return { ...row(path, type, line, more), source: `src/peft/config.py:${line}` };
};

const INITIAL = 'gaussian eva olora pissa corda loftq lora_ga orthogonal mica'.split(' ').map((name) => `"${name}"`);

/** The fields of `LoraConfig` and of what it extends @ peft 0.21.2. */
const catalogue = catalogueFrom(
  {
    framework: 'peft',
    version: '0.21.2',
    repository: 'huggingface/peft',
    parameters: [
      row('r', 'int', 632, { default: 8, doc: 'Rank of the adapters.' }),
      row('lora_alpha', 'int', 652, { default: 8, doc: 'Their update is scaled by lora_alpha / r.' }),
      row('target_modules', 'list[str] | str | None', 633, {
        doc: 'Names of the modules that get adapters, a regex, or `all-linear`.',
      }),
      row('lora_dropout', 'float', 653, { default: 0, doc: 'Share of inputs of an adapter that is dropped.' }),
      base('task_type', 'str | None', 370, { doc: '`CAUSAL_LM` for language models.' }),
      row('modules_to_save', 'list[str] | None', 672, { doc: 'Modules trained and saved whole beside the adapters.' }),
      row('exclude_modules', 'list[str] | str | None', 648, { doc: 'Modules that get none.' }),
      row('bias', 'str', 658, {
        choices: ['none', 'all', 'lora_only'],
        default: 'none',
        doc: 'Which biases are trained.',
      }),
      row('use_rslora', 'bool', 661, { default: false, doc: 'Scales by lora_alpha / √r.' }),
      row('use_dora', 'bool', 832, { default: false, doc: 'Adapts magnitude and direction of the weights apart.' }),
      row('init_lora_weights', 'bool | str', 680, {
        default: true,
        doc: `How adapters begin: true, false, ${INITIAL.join(', ')} or "pissa_niter_16".`,
      }),
      row('layers_to_transform', 'list[int] | int | None', 722, { doc: 'Only the layers of these numbers.' }),
      row('layers_pattern', 'list[str] | str | None', 729, { doc: 'How the list of layers is called in the model.' }),
      row('rank_pattern', 'dict | None', 737, { doc: 'Ranks of their own for some layers.' }),
      row('alpha_pattern', 'dict | None', 746, { doc: 'Scales of their own for some layers.' }),
      row('target_parameters', 'list[str] | None', 941, { doc: 'Parameters instead of modules, as of experts.' }),
      row('trainable_token_indices', 'list[int] | dict | None', 781, { doc: 'Tokens whose embeddings are trained.' }),
      row('fan_in_fan_out', 'bool', 654, { default: false }),
      row('lora_bias', 'bool', 931, { default: false }),
      row('megatron_core', 'str | None', 771, { default: 'megatron.core' }),
      row('use_qalora', 'bool', 873, { default: false }),
      row('qalora_group_size', 'int', 884, { default: 16 }),
      row('layer_replication', 'list | None', 909),
      row('alora_invocation_tokens', 'list[int] | None', 855),
      row('ensure_weight_tying', 'bool', 989, { default: false }),
      row('megatron_config', 'dict | None', 755),
      row('loftq_config', 'Any', 796),
      row('eva_config', 'Any', 805),
      row('corda_config', 'Any', 814),
      row('lora_ga_config', 'Any', 823),
      row('velora_config', 'Any', 845),
      row('monteclora_config', 'Any', 897),
      row('runtime_config', 'Any', 928),
      row('use_bdlora', 'Any', 959),
      row('arrow_config', 'Any', 969),
      row('kasa_config', 'Any', 976),
      base('base_model_name_or_path', 'str | None', 365),
      base('revision', 'str | None', 368),
      base('peft_type', 'str | None', 369),
      base('inference_mode', 'bool', 371, { default: false }),
      base('auto_mapping', 'dict | None', 90),
      base('peft_version', 'str | None', 93),
    ],
    removed: [],
  },
  'shipped',
);

/** A key that goes with a list of modules only. */
function onlyWithList(facts: Facts, path: string): ReturnType<Rule['broken']> {
  const text = `${path} goes with a list as target_modules: peft refuses it where that is one text.`;
  const both = facts.isSet(path) && facts.value(path) !== undefined && facts.text('target_modules') !== undefined;
  return both ? { text, at: [path, 'target_modules'], mends: [{ path, value: null }] } : undefined;
}

const rules: readonly Rule[] = [
  {
    id: 'peft.rank',
    weight: 'error',
    source: 'src/peft/tuners/lora/layer.py:240',
    broken: (facts) => {
      const r = facts.number('r');
      return r !== undefined && r <= 0 ? { text: `r = ${r}: peft wants a rank of 1 or more.`, at: ['r'] } : undefined;
    },
  },
  {
    id: 'peft.layers_to_transform',
    weight: 'error',
    source: `${CONFIG}:1041`,
    broken: (facts) => onlyWithList(facts, 'layers_to_transform'),
  },
  {
    id: 'peft.layers_pattern',
    weight: 'error',
    source: `${CONFIG}:1045`,
    broken: (facts) => onlyWithList(facts, 'layers_pattern'),
  },
  {
    id: 'peft.dora_bias',
    weight: 'error',
    source: `${CONFIG}:1088`,
    broken: (facts) =>
      facts.is('use_dora', true) && facts.is('lora_bias', true)
        ? { text: 'peft refuses lora_bias with use_dora.', at: ['lora_bias', 'use_dora'] }
        : undefined,
  },
];

/** `LoraConfig(…)` beside a trainer's own call. An unknown keyword stops it. */
export const peft: Framework = {
  ...own,
  name: 'peft',
  catalogue,
  isIn: ({ dialect, command }) => (dialect === 'call' && command[0] === 'LoraConfig' ? 1 : 0),
  judges: () => 'all',
  reads: 'values',
  rules,
};
