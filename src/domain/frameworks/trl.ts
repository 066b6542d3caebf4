import { shipped } from '../language/catalogue';
import type { Catalogue } from '../config/parameter';
import type { Setting, Sheet } from '../config/sheet';
import stored from './catalogue/trl.json';
import type { Framework } from './framework';
import { trlAdvantages } from './trl/advantages';
import { acceleratesWith } from './trl/accelerate';
import { metric } from './trl/log';
import { trlRules } from './trl/rules';

const catalogue = shipped(stored);

const SCRIPT = /(^|\/)trl\/scripts\/grpo\.py$|^trl\.scripts\.grpo$|(^|\/)grpo(_vlm)?\.py$/;
const CALLS = new Set(['GRPOConfig']);

function isCommand({ command }: Sheet): boolean {
  const [name = '', subcommand] = command.slice(-2);
  return (name.split('/').pop() === 'trl' && subcommand === 'grpo') || SCRIPT.test(command.at(-1) ?? '');
}

/** Keys that TRL's files have and those of other frameworks have not. */
const SIGNS = [
  'model_name_or_path',
  'reward_funcs',
  'num_generations',
  'vllm_mode',
  'dataset_name',
  'max_completion_length',
];

function isIn(sheet: Sheet): number {
  if (sheet.dialect === 'call') return CALLS.has(sheet.command[0] ?? '') ? 1 : 0;
  if (isCommand(sheet)) return 0.9;
  if (sheet.dialect !== 'yaml') return 0;
  const paths = new Set(sheet.settings.map(({ path }) => path));
  const signs = SIGNS.filter((sign) => paths.has(sign)).length;
  return signs > 1 && (paths.has('num_generations') || paths.has('reward_funcs')) ? 0.6 : 0;
}

const scopes = new WeakMap<Catalogue, Catalogue>();

/** A call of `GRPOConfig` takes its own fields only, not those of the script and the model. */
function scope(sheet: Sheet, whole: Catalogue): Catalogue {
  if (sheet.dialect !== 'call') return whole;
  const known = scopes.get(whole);
  if (known) return known;
  const own = whole.parameters.filter(({ dataclass = 'GRPOConfig' }) => dataclass === 'GRPOConfig');
  const scoped = { ...whole, parameters: own };
  scopes.set(whole, scoped);
  return scoped;
}

/** A script of one's own that only sounds like TRL's may add flags; a file may hold what its script adds. */
function judges(sheet: Sheet): 'all' | 'known' {
  if (sheet.dialect === 'call') return 'all';
  if (sheet.dialect === 'yaml') return 'known';
  const target = sheet.command.at(-1) ?? '';
  return target === 'grpo' || /trl[./]scripts[./]grpo/.test(target) ? 'all' : 'known';
}

/** `--config`, and what goes on to `accelerate launch` (`trl/scripts/utils.py:289`). */
function key(setting: Setting, sheet: Sheet): [] | undefined {
  if (sheet.dialect === 'call') return undefined;
  const other = setting.path === 'config' || setting.path === 'accelerate_config' || setting.path === 'env';
  return other || setting.path.startsWith('env.') || acceleratesWith(setting.path) ? [] : undefined;
}

/** TRL: `trl grpo …`, its `--config` files and `GRPOConfig(…)`. */
export const trl: Framework = {
  id: 'trl',
  name: 'TRL',
  package: 'trl',
  source: {
    package: 'trl',
    roots: [
      ['trl.trainer.grpo_config:GRPOConfig'],
      ['trl.scripts.grpo:GRPOScriptArguments'],
      ['trl.trainer.model_config:ModelConfig'],
      ['trl.scripts.utils:DatasetMixtureConfig', 'trl.scripts.utils:ScriptArguments', 'trl.utils:ScriptArguments'],
    ],
  },
  get catalogue() {
    return catalogue();
  },
  isIn,
  judges,
  scope,
  key,
  reads: 'values',
  files: (sheet) => sheet.settings.filter(({ path }) => path === 'config'),
  rules: trlRules,
  metric,
  advantages: trlAdvantages,
};
