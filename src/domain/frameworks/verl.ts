import { shipped } from '../language/catalogue';
import type { Catalogue, Parameter } from '../config/parameter';
import type { Sheet } from '../config/sheet';
import stored from './catalogue/verl.json';
import type { Framework } from './framework';
import { verlAdvantages } from './verl/advantages';
import { verlSizes } from './verl/batchRules';
import { engineOf, verlKey } from './verl/key';
import { metric } from './verl/log';
import { verlRules } from './verl/rules';

const catalogue = shipped(stored);

/** Other programs that read the same configuration, with additions of their own. */
const RELATED = /^(verl|recipe)\.[\w.]*main\w*$|^verl\.experimental\.|(^|\/)main_(ppo|dapo|grpo)\.py$/;

function isIn(sheet: Sheet): number {
  const target = sheet.command.at(-1) ?? '';
  if (target === 'verl.trainer.main') return 0;
  if (target === 'verl.trainer.main_ppo') return 1;
  if (RELATED.test(target)) return 0.9;
  const rooted = sheet.settings.some(({ path }) => path.startsWith('actor_rollout_ref.'));
  if (sheet.dialect === 'yaml') return rooted ? 0.8 : 0;
  return rooted && sheet.dialect === 'overrides' ? 0.7 : 0;
}

function judges(sheet: Sheet): 'all' | 'known' {
  return sheet.command.at(-1) === 'verl.trainer.main_ppo' && !ownConfig(sheet) ? 'all' : 'known';
}

/** `--config-name` of a file of one's own may declare keys that nobody else knows. */
function ownConfig({ options = [] }: Sheet): boolean {
  const named = options.find(({ path }) => path === 'config_name');
  const name = named ? (named.text ?? '?').replace(/\.ya?ml$/, '') : undefined;
  const path = options.some((one) => one.path === 'config_path' || one.path === 'config_dir');
  return path || (name !== undefined && !/^ppo(_megatron)?_trainer$/.test(name));
}

/** Why keys do nothing under `main_ppo` and its newest trainer, which other programs and its older trainer read. */
const ELSEWHERE = /^read only by the deprecated V0|only called by fully_async_main/;

/** What a program of one's own may register more of (`register_adv_est`, `register_policy_loss` in `core_algos.py`). */
const REGISTERED = new Set(['algorithm.adv_estimator', 'actor_rollout_ref.actor.policy_loss.loss_mode']);

function opened({ choices, ...one }: Parameter): Parameter {
  return choices === undefined ? one : { ...one, known: choices, otherwise: 'what your program registers' };
}

const scopes = new WeakMap<Catalogue, Catalogue>();
const others = new WeakMap<Catalogue, Catalogue>();

/**
 * Programs like `main_ppo` read some keys that it does not (`verl/experimental/fully_async_policy/fully_async_main.py:237`,
 * `fully_async_trainer.py:441`), and so does its older trainer behind `trainer.use_v1=False` (`verl/trainer/main_ppo.py:183`).
 */
function scope(sheet: Sheet, whole: Catalogue): Catalogue {
  const older = sheet.settings.some(({ path, text }) => path === 'trainer.use_v1' && /^false$/i.test(text ?? ''));
  const other = sheet.dialect === 'overrides' && sheet.command.at(-1) !== 'verl.trainer.main_ppo';
  if (!older && !other) return whole;
  const known = (other ? others : scopes).get(whole);
  if (known) return known;
  const read = whole.parameters.map(({ inert, ...one }) =>
    inert === undefined || ELSEWHERE.test(inert) ? one : { ...one, inert },
  );
  const parameters = other ? read.map((one) => (REGISTERED.has(one.path) ? opened(one) : one)) : read;
  const scoped = { ...whole, parameters };
  (other ? others : scopes).set(whole, scoped);
  return scoped;
}

/** verl: `python3 -m verl.trainer.main_ppo …` (Hydra), programs like it, and Hydra files over its configuration. */
export const verl: Framework = {
  id: 'verl',
  name: 'verl',
  package: 'verl',
  source: { package: 'verl', texts: ['trainer/config/_generated_ppo_trainer.yaml', 'trainer/config/ppo_trainer.yaml'] },
  get catalogue() {
    return catalogue();
  },
  isIn,
  judges,
  scope,
  way: engineOf,
  key: (setting, sheet, known) => verlKey(setting, sheet, { known, judges: judges(sheet) }),
  reads: 'values',
  files: (sheet) => (ownConfig(sheet) ? (sheet.options ?? []).filter(({ path }) => path.startsWith('config_')) : []),
  rules: verlRules,
  sizes: verlSizes,
  metric,
  advantages: verlAdvantages,
};
