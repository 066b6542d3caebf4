import type { Facts } from './facts';
import type { Rule } from './rule';

interface Recorded {
  readonly id: string;
  readonly source: string;
  readonly since?: string;
  /** Key that makes the trainer keep its completions, and a value with which it does. */
  readonly key: string;
  readonly value: string | boolean;
  /** Is this the configuration of a training, and does it keep none? */
  readonly silent: (facts: Facts) => boolean;
}

/** A hint on a training that leaves no completion behind: nobody could look at one afterwards. */
export function recordRule({ id, source, since, key, value, silent }: Recorded): Rule {
  return {
    id,
    weight: 'hint',
    source,
    ...(since === undefined ? {} : { since }),
    broken: (facts) =>
      silent(facts)
        ? {
            text: `This training keeps none of its completions: with ${key}=${String(value)} they can be looked at beside their rewards.`,
            at: [key],
            mends: [{ path: key, value }],
          }
        : undefined,
  };
}
