import type { Fix } from '../config/finding';
import type { FrameworkId } from '../frameworks/framework';
import type { Value } from '../config/parameter';

/** What a configuration says of the rewards that it trains with. */
export interface RewardUse {
  readonly framework: FrameworkId;
  /** Files that hold rewards, as the configuration writes them. */
  readonly files: readonly string[];
  /** Names in the order of their weights; undefined where they cannot be known from the text. */
  readonly names?: readonly string[];
  /** Rewards that are no function of a file (a reward model), which have weights too. */
  readonly others: number;
  /** Names that the framework knows by itself. */
  readonly builtIn: readonly string[];
  /** Keywords that every call gets. */
  readonly keywords: Readonly<Record<string, Value>>;
  /** What the configuration sets, for rewards that are given the training's arguments. */
  readonly settings: Readonly<Record<string, Value>>;
  readonly weights?: readonly number[];
  /** Writes these weights, one for each reward in the order of `names`; undefined where the text leaves no place. */
  readonly withWeights?: (weights: readonly number[]) => Fix | undefined;
}

/** How weights and names of a configuration do not go with the rewards of its file, as sentences with their rule. */
export function misuses(
  use: RewardUse,
  config: string,
  rewards: readonly { readonly name: string; readonly registered: readonly string[] }[],
): { readonly rule: string; readonly reward?: string; readonly text: string }[] {
  const { names, weights, others, builtIn } = use;
  const count = (names?.length ?? 0) + others;
  const wrong = names && weights && weights.length !== count;
  const known = new Set(rewards.flatMap(({ name, registered }) => (registered.length > 0 ? registered : [name])));
  const strangers = (names ?? []).filter((name) => !known.has(name) && !builtIn.includes(name));
  const own = rewards.find(({ name, registered }) => names?.some((one) => one === name || registered.includes(one)));
  const about = own === undefined ? {} : { reward: own.name };
  return [
    ...(wrong
      ? [
          {
            rule: 'weights',
            ...about,
            text: `${config} gives ${counted(weights.length, 'weight')} for ${counted(count, 'reward')}: give one for each.`,
          },
        ]
      : []),
    ...strangers.map((name) => ({
      rule: 'unregistered',
      text: `${config} asks for the reward ${name}, which this file does not have; it has ${[...known].join(', ') || 'none'}.`,
    })),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Weight of a reward by one of its names; 1 where the configuration gives none. */
export function weightOf({ names = [], weights = [] }: RewardUse, ...called: readonly string[]): number {
  const at = names.findIndex((name) => called.includes(name));
  return weights[at] ?? 1;
}
