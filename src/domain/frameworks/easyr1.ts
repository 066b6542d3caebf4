import { shipped } from '../language/catalogue';
import type { Catalogue } from '../config/parameter';
import type { Finding } from '../config/finding';
import type { Setting, Sheet } from '../config/sheet';
import stored from './catalogue/easyr1.json';
import { easyr1Advantages } from './easyr1/advantages';
import { metric } from './easyr1/log';
import { easyr1Rules, easyr1Sizes } from './easyr1/rules';
import type { Framework } from './framework';

const catalogue = shipped(stored);

function isIn(sheet: Sheet): number {
  if (sheet.command.at(-1) === 'verl.trainer.main') return 1;
  if (sheet.dialect !== 'yaml') return 0;
  const roots = new Set(sheet.settings.map(({ path }) => path.split('.')[0]));
  if (!roots.has('worker') || roots.has('actor_rollout_ref')) return 0;
  const others = ['data', 'algorithm', 'trainer'].filter((root) => roots.has(root)).length;
  return others > 0 ? 0.9 : 0.3;
}

/** The reader is OmegaConf's own, not Hydra's: no `+`, and `config=` names a file (`verl/trainer/main.py:90`). */
function key(setting: Setting, sheet: Sheet): Finding[] | undefined {
  if (sheet.dialect !== 'overrides') return undefined;
  if (setting.path === 'config') return [];
  if (setting.prefix === undefined) return undefined;
  const start = setting.key.start - setting.prefix.length;
  const span = { start, end: setting.key.end };
  const text = `EasyR1 does not read ${setting.prefix}: it takes ${setting.path}=value only.`;
  const fix = { title: `Remove ${setting.prefix}`, changes: [{ span: { start, end: setting.key.start }, text: '' }] };
  return [{ span, weight: 'error', rule: 'superfluous-plus', key: setting.path, text, fixes: [fix] }];
}

/** EasyR1: `python3 -m verl.trainer.main config=…` and its YAML files. */
export const easyr1: Framework = {
  id: 'easyr1',
  name: 'EasyR1',
  package: 'verl',
  source: { package: 'verl', roots: [['verl.trainer.config:PPOConfig']] },
  get catalogue(): Catalogue {
    return catalogue();
  },
  isIn,
  judges: () => 'all',
  key,
  reads: 'types',
  files: (sheet) => sheet.settings.filter(({ path }) => path === 'config'),
  rules: easyr1Rules,
  sizes: easyr1Sizes,
  metric,
  advantages: easyr1Advantages,
};
