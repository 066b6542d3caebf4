import type { Change } from '../config/finding';
import type { RewardUse } from '../rewards/rewardUse';
import { BUILT_IN } from './swift/rewardRules';
import { numbersOf } from './rewardParts';

const IMPORTS = /^[ \t]*from\s+([\w.]+)\s+import\s+(?:\(([^)]*)\)|(.+))$/gm;
const CONFIG = /\b(?:GRPOConfig|RLHFArguments)\s*\(\s*/;

/**
 * A training script's `reward_funcs=[…]`: functions with the modules that it imports them from, or names beside
 * `external_plugins=[…]`. Its text is read, not parsed: a host must not stand still for every script that lies around.
 */
export function scriptRewards(text: string): RewardUse | undefined {
  const inside = listIn(text, 'reward_funcs')?.items;
  if (!inside || inside.length === 0) return undefined;
  const quoted = inside.every((item) => /^(['"]).*\1$/.test(item));
  if (!quoted && !inside.every((item) => /^\w+$/.test(item))) return undefined;
  const names = quoted ? inside.map(bare) : inside;
  const weights = numbersOf(listIn(text, 'reward_weights')?.items);
  const common = { names, others: 0, keywords: {}, settings: {}, ...(weights ? { weights } : {}) };
  const withWeights: RewardUse['withWeights'] = (wanted) => {
    const change = weighed(text, wanted);
    return change && { title: 'Set reward_weights', changes: [change] };
  };
  if (quoted) {
    const files = (listIn(text, 'external_plugins')?.items ?? []).map(bare);
    return { ...common, framework: 'swift', files, builtIn: [...BUILT_IN], withWeights };
  }
  const files = importedFrom(text, names).map((module) => `${module.replaceAll('.', '/')}.py`);
  return { ...common, framework: 'trl', files, builtIn: names, withWeights };
}

interface Listed {
  readonly items: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** `key=[a, b]`: the elements as they are written, and where the list stands. */
function listIn(text: string, key: string): Listed | undefined {
  const found = new RegExp(`\\b${key}\\s*=\\s*(\\[[^\\]]*\\])`).exec(text);
  if (!found?.[1]) return undefined;
  const end = found.index + found[0].length;
  const items = found[1].slice(1, -1).replace(/#.*$/gm, '').split(',');
  const written = items.map((item) => item.trim()).filter((item) => item !== '');
  return { items: written, start: end - found[1].length, end };
}

function weighed(text: string, weights: readonly number[]): Change | undefined {
  const written = `[${weights.join(', ')}]`;
  const there = listIn(text, 'reward_weights');
  if (there) return { span: { start: there.start, end: there.end }, text: written };
  const config = CONFIG.exec(text);
  if (!config) return undefined;
  const at = config.index + config[0].length;
  return { span: { start: at, end: at }, text: `reward_weights=${written}, ` };
}

function importedFrom(text: string, names: readonly string[]): string[] {
  const modules = [...text.matchAll(IMPORTS)].flatMap(([, module = '', many, one]) => {
    const imported = (many ?? one ?? '').split(',').map(
      (name) =>
        name
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
    );
    return imported.some((name) => names.includes(name)) ? [module] : [];
  });
  return [...new Set(modules)];
}

function bare(item: string): string {
  return item.replace(/^['"]|['"]$/g, '');
}
