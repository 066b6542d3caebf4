import type { RawRecord, Recognise, Shape } from '../../rollouts/rollout';

const PROMPTS = ['prompt', 'prompts', 'messages', 'input', 'query', 'question', 'problem'];
const TEXTS = ['completion', 'completions', 'response', 'output', 'generated', 'generation', 'text', 'answer'];
const STEPS = ['step', 'global_step', 'gen_step', 'iteration'];
const ADVANTAGES = ['advantage', 'advantages'];
const GROUPS = ['group', 'group_id', 'prompt_id', 'example_id'];
/** Objects whose members are scores: ours (docs/record-format.md), and `metrics` as verifiers writes them. */
const SCORES = ['scores', 'rewards', 'metrics'];
const NO_SCORES = [
  'form',
  'row',
  'rank',
  'index',
  'idx',
  'id',
  'epoch',
  'time',
  'timestamp',
  'length',
  'tokens',
  'num_turns',
];
const NO_SCORES_EITHER = ['cut', 'seed', 'generation_ms', 'scoring_ms', 'total_ms'];

/** Our own record, and any record with a text in it: a trainer of the user's own, or samples written by hand. */
export const ownRollouts: Recognise = (record): Shape | undefined => {
  const text = among(record, TEXTS);
  if (text === undefined) return undefined;
  const optional = {
    step: among(record, STEPS),
    advantage: among(record, ADVANTAGES),
    group: among(record, GROUPS),
    scoresIn: SCORES.find((key) => isObject(record[key])),
  };
  return {
    name: 'records',
    prompt: among(record, PROMPTS) ?? 'prompt',
    text,
    ...Object.fromEntries(Object.entries(optional).filter(([, key]) => key !== undefined)),
    notScores: [...NO_SCORES, ...NO_SCORES_EITHER],
  };
};

function among(record: RawRecord, names: readonly string[]): string | undefined {
  return names.find((name) => record[name] !== undefined);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
