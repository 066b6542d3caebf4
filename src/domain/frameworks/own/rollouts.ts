import type { RawRecord, Recognise, Shape } from '../../rollout';

const PROMPTS = ['prompt', 'prompts', 'messages', 'input', 'query', 'question', 'problem'];
const TEXTS = ['completion', 'completions', 'response', 'output', 'generated', 'generation', 'text', 'answer'];
const STEPS = ['step', 'global_step', 'gen_step', 'iteration'];
const ADVANTAGES = ['advantage', 'advantages'];
const GROUPS = ['group', 'group_id', 'prompt_id'];
const NO_SCORES = ['row', 'rank', 'index', 'idx', 'id', 'epoch', 'time', 'timestamp', 'length', 'tokens', 'num_turns'];

/** Any record with a text in it: a trainer of the user's own, or samples written by hand. */
export const ownRollouts: Recognise = (record): Shape | undefined => {
  const text = among(record, TEXTS);
  if (text === undefined) return undefined;
  const step = among(record, STEPS);
  const advantage = among(record, ADVANTAGES);
  const group = among(record, GROUPS);
  return {
    name: 'records',
    prompt: among(record, PROMPTS) ?? 'prompt',
    text,
    ...(step === undefined ? {} : { step }),
    ...(advantage === undefined ? {} : { advantage }),
    ...(group === undefined ? {} : { group }),
    notScores: NO_SCORES,
  };
};

function among(record: RawRecord, names: readonly string[]): string | undefined {
  return names.find((name) => record[name] !== undefined);
}
