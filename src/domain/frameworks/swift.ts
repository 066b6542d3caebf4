import { shipped } from '../language/catalogue';
import type { Sheet } from '../config/sheet';
import stored from './catalogue/swift.json';
import type { Framework } from './framework';
import { swiftAdvantages } from './swift/advantages';
import { metric } from './swift/log';
import { swiftRules } from './swift/rules';

const catalogue = shipped(stored);

const SCRIPT = /(^|\/)swift\/cli\/rlhf\.py$/;

function starts(command: readonly string[]): 'rlhf' | 'megatron' | undefined {
  const [name = '', subcommand] = command.slice(-2);
  const base = name.split('/').pop();
  if (subcommand === 'rlhf' && base === 'swift') return 'rlhf';
  if (subcommand === 'rlhf' && base === 'megatron') return 'megatron';
  const target = command.at(-1) ?? '';
  return target === 'swift.cli.rlhf' || SCRIPT.test(target) || target === 'RLHFArguments' ? 'rlhf' : undefined;
}

/** Keys that no other framework's files have. */
const SIGNS = new Set(['rlhf_type', 'external_plugins', 'tuner_type', 'train_type', 'vllm_mode', 'template']);

function isIn(sheet: Sheet): number {
  if (starts(sheet.command)) return 1;
  if (sheet.dialect !== 'yaml' && sheet.dialect !== 'json') return 0;
  if (!sheet.settings.some(({ path }) => path === 'rlhf_type')) return 0;
  return sheet.settings.filter(({ path }) => SIGNS.has(path)).length > 1 ? 0.9 : 0.7;
}

/** A file stands first among the arguments (v4.1.0 on, `swift/cli/main.py:38`) or behind `--config` (v3.10 to v4.0). */
function files(sheet: Sheet): ReturnType<Framework['files']> {
  const named = sheet.settings.filter(({ path }) => path === 'config');
  const [first] = sheet.positional;
  const isFile = /\.(ya?ml|json)$/.test(first?.text ?? '');
  return isFile && first
    ? [{ key: first.span, valueSpan: first.span, ...(first.text === undefined ? {} : { text: first.text }) }]
    : named;
}

/** A file for `megatron rlhf`, whose flags are others. */
function isMegatron({ settings }: Sheet): boolean {
  return ['use_ray', 'micro_batch_size', 'global_batch_size'].some((sign) =>
    settings.some(({ path }) => path === sign),
  );
}

/** ms-swift: `swift rlhf --rlhf_type grpo …`, its files and `RLHFArguments(…)`. */
export const swift: Framework = {
  id: 'swift',
  name: 'ms-swift',
  package: 'ms-swift',
  source: {
    package: 'swift',
    roots: [['swift.arguments.rlhf_args:RLHFArguments', 'swift.llm.argument.rlhf_args:RLHFArguments']],
  },
  get catalogue() {
    return catalogue();
  },
  isIn,
  judges: (sheet) => (starts(sheet.command) === 'megatron' || isMegatron(sheet) ? 'none' : 'all'),
  reads: 'words',
  files,
  rules: swiftRules,
  metric,
  advantages: swiftAdvantages,
};
