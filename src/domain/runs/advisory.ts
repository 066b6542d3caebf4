import type { Series } from './metric';

/** Something about a run that goes on which its owner should know. */
export interface Advisory {
  readonly id: string;
  /** What is seen, one sentence with its figure. */
  readonly title: string;
  /** What it means and what to try. */
  readonly advice: string;
}

/** Curves by their common names. */
export type CurveOf = (name: string) => Series | undefined;

/** Steps that a judgement needs: fewer tell too little. */
const RECENT = 10;

/** What the last steps of a run give reason to say. */
export function advisories(curve: CurveOf): Advisory[] {
  return [constant(curve), silent(curve), truncated(curve), broken(curve), collapsed(curve)].filter(
    (said) => said !== undefined,
  );
}

function recent(series: Series | undefined): readonly number[] {
  const values = series?.values.slice(-RECENT).filter(Number.isFinite) ?? [];
  return values.length < RECENT ? [] : values;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function constant(curve: CurveOf): Advisory | undefined {
  const values = recent(curve('reward'));
  const [first] = values;
  const spread = recent(curve('reward_std'));
  if (first === undefined || values.some((value) => value !== first) || average(spread) > 0) return undefined;
  return {
    id: 'constant-reward',
    title: `Every completion of the last ${RECENT} steps got the same reward, ${first}.`,
    advice: 'Without differences there is no gradient: look at the reward over recorded completions.',
  };
}

function silent(curve: CurveOf): Advisory | undefined {
  const share = average(recent(curve('frac_reward_zero_std')));
  if (!(share > 0.5)) return undefined;
  return {
    id: 'without-signal',
    title: `${percent(share)} of the groups gave no signal over the last ${RECENT} steps: all their rewards are equal.`,
    advice: 'The prompts are too easy or too hard by now: harder ones, a finer reward, or larger groups teach more.',
  };
}

function truncated(curve: CurveOf): Advisory | undefined {
  const share = average(recent(curve('completions/clipped_ratio')));
  if (!(share > 0.25)) return undefined;
  return {
    id: 'truncated',
    title: `${percent(share)} of the completions were cut off over the last ${RECENT} steps.`,
    advice: 'A cut answer is seldom rewarded: allow longer completions, or ask for shorter ones in prompt or reward.',
  };
}

function broken(curve: CurveOf): Advisory | undefined {
  const norm = curve('grad_norm');
  const at = norm?.values.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (!norm || at < 0) return undefined;
  return {
    id: 'nan-gradient',
    title: `The gradient norm is ${norm.values[at]} at step ${norm.steps[at]}.`.replace('NaN', 'nan'),
    advice: 'What comes after may be worthless: resume from a checkpoint before it with a lower learning rate.',
  };
}

/** Entropy below a fiftieth of its start: the policy says always the same. */
function collapsed(curve: CurveOf): Advisory | undefined {
  const entropy = curve('entropy');
  const start = average(entropy?.values.slice(0, RECENT).filter(Number.isFinite) ?? []);
  const now = average(recent(entropy));
  if (!(start > 0) || !(now < start / 50)) return undefined;
  return {
    id: 'entropy-collapsed',
    title: `The entropy fell from ${start.toPrecision(2)} to ${now.toPrecision(2)}: the policy hardly varies any more.`,
    advice: 'A higher temperature, a larger KL weight or a larger upper clip bound keep it trying.',
  };
}

/** What the first step shows: do samples arrive, do they differ, are they whole? */
export function firstVerdict(curve: CurveOf): string | undefined {
  const reward = curve('reward');
  const step = reward?.steps[0];
  if (!reward || step === undefined) return undefined;
  const silentShare = curve('frac_reward_zero_std')?.values[0];
  const cutShare = curve('completions/clipped_ratio')?.values[0];
  const parts = [
    `Step ${step}: samples arrive, reward ${Number(reward.values[0]?.toPrecision(3))}`,
    silentShare === undefined ? 'groups without signal unknown' : `${percent(silentShare)} of groups without signal`,
    cutShare === undefined ? 'truncation unknown' : `${percent(cutShare)} truncated`,
  ];
  return `${parts.join(', ')}.`;
}
