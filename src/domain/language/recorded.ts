import { cutBy, type Answers } from '../rollouts/answers';
import type { Parameter } from '../config/parameter';

/** What a run's completions say to one parameter. */
export interface Recorded {
  readonly answers: Answers;
  readonly tokens: Float64Array;
  readonly ratio: number | undefined;
  /** How people call the run. */
  readonly run: string;
}

const LENGTH = /(^|\.)(max_completion_length|max_response_length)$/;
const SIZE = /(^|\.)(num_generations|rollout\.n)$/;
const REWARDS = /(^|\.)(reward_funcs|reward_weights|reward_function)$/;

function percent(share: number): string {
  if (share > 0 && share < 0.001) return 'under 0.1 %';
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** What the run that this configuration started says to a parameter, as one sentence; undefined where it says nothing. */
export function recordedAnswer(
  { path }: Pick<Parameter, 'path'>,
  value: number | undefined,
  recorded: Recorded,
): string | undefined {
  const { answers, tokens, ratio, run } = recorded;
  const of = answers.completions.toLocaleString('en');
  if (LENGTH.test(path)) {
    if (tokens.length === 0)
      return `How many of ${run}'s ${of} completions a limit would cut is not known: its log tells no mean length in tokens.`;
    const limits = value === undefined ? LIMITS : [...new Set([value, ...LIMITS.filter((one) => one < value * 2)])];
    const cuts = limits.map((limit) => `${limit} would cut ${percent(cutBy(limit, tokens).share)}`);
    return `${cuts.join(', ')} of ${of} completions of ${run} (about: at ${ratio?.toFixed(1)} characters a token, as its log tells).`;
  }
  if (SIZE.test(path)) {
    const shown = answers.still.filter(({ n }) => n >= 4 && n <= 16);
    const parts = shown.map(({ n, share, exact }) => `${exact ? '' : 'about '}${percent(share)} at ${n}`);
    const beyond = shown.some(({ exact }) => !exact)
      ? `; beyond ${answers.size} it is extrapolated, so approximate`
      : '';
    return `Groups without signal: ${parts.join(', ')} (${answers.groups.toLocaleString('en')} groups of ${run}${beyond}).`;
  }
  if (!REWARDS.test(path) || answers.shares.every(({ share }) => Number.isNaN(share))) return undefined;
  const parts = answers.shares.map(({ name, share }) => `${name} ${Number.isNaN(share) ? 'nothing' : percent(share)}`);
  return `Of what told the completions of a group apart in ${run}: ${parts.join(', ')}.`;
}

const LIMITS = [128, 256, 512, 1024, 2048];
