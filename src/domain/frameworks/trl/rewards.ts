import type { Facts } from '../facts';
import { fixOf } from '../rule';
import type { RewardUse } from '../../rewardUse';
import { numbersOf, textsOf } from '../rewardParts';

/** Names of `trl.rewards` that `trl grpo --reward_funcs` knows (trl/scripts/grpo.py:55 @ f2cd57710). */
const BUILT_IN = [
  'accuracy_reward',
  'reasoning_accuracy_reward',
  'think_format_reward',
  'get_soft_overlong_punishment',
];
const FUNCTIONS = /\breward_funcs\s*=\s*\[([^\]]*)\]/;
const IMPORTS = /^[ \t]*from\s+([\w.]+)\s+import\s+(?:\(([^)]*)\)|(.+))$/gm;

/**
 * `trl grpo --reward_funcs module.name …`, and a script's own `GRPOTrainer(reward_funcs=[…])` with what it imports them
 * from; the weights stand in its `GRPOConfig`.
 */
export function trlRewards(facts: Facts, text: string): RewardUse | undefined {
  const dotted = textsOf(facts.list('reward_funcs'));
  const called = facts.sheet.dialect === 'call' ? calledIn(text) : undefined;
  if (!dotted && !called) return undefined;
  const names = called ?? (dotted ?? []).map((name) => name.split('.').pop() ?? name);
  const modules = called
    ? importedFrom(text, called)
    : (dotted ?? []).filter((name) => name.includes('.')).map((name) => name.slice(0, name.lastIndexOf('.')));
  const weights = numbersOf(facts.list('reward_weights'));
  return {
    framework: 'trl',
    files: [...new Set(modules)].map((module) => `${module.replaceAll('.', '/')}.py`),
    names,
    others: 0,
    builtIn: called ? called : BUILT_IN,
    keywords: {},
    settings: {},
    ...(weights ? { weights } : {}),
    withWeights: (wanted) => fixOf({ path: 'reward_weights', value: wanted }, facts),
  };
}

/** Undefined where an element is more than a name. */
function calledIn(text: string): string[] | undefined {
  const inside = FUNCTIONS.exec(text)?.[1];
  const names = inside?.split(',').map((name) => name.trim());
  const last = names?.at(-1) === '' ? names.slice(0, -1) : names;
  return last?.every((name) => /^\w+$/.test(name)) ? last : undefined;
}

function importedFrom(text: string, names: readonly string[]): string[] {
  return [...text.matchAll(IMPORTS)].flatMap(([, module = '', many, one]) => {
    const imported = (many ?? one ?? '').split(',').map(
      (name) =>
        name
          .trim()
          .split(/\s+as\s+/)
          .at(-1) ?? '',
    );
    return imported.some((name) => names.includes(name)) ? [module] : [];
  });
}
