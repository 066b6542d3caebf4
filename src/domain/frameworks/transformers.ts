import type { Facts } from './facts';
import type { Rule } from './rule';

const SOURCE = 'huggingface/transformers:src/transformers/training_args.py';

/** When a framework evaluates, where that follows from more than the two keys. */
interface Rhythm {
  readonly strategy: (facts: Facts) => string | undefined;
  readonly steps: (facts: Facts) => number | undefined;
}

const asWritten: Rhythm = {
  strategy: (facts) => facts.text('eval_strategy'),
  steps: (facts) => {
    const steps = facts.value('eval_steps') ?? facts.number('logging_steps');
    return typeof steps === 'number' ? steps : undefined;
  },
};

/** Rules of transformers' own arguments, which two frameworks inherit (transformers 5.17, `_validate_args`). */
export function huggingFace(framework: 'trl' | 'swift', rhythm = asWritten): readonly Rule[] {
  const rule = (name: string, broken: Rule['broken']): Rule => ({
    id: `${framework}.hf_${name}`,
    weight: 'error',
    source: SOURCE,
    broken,
  });
  return [
    rule('best_strategy', (facts) => {
      const [evaluate, save] = [rhythm.strategy(facts), facts.text('save_strategy')];
      if (!facts.is('load_best_model_at_end', true) || save === 'best') return undefined;
      if (evaluate === undefined || save === undefined || evaluate === save) return undefined;
      return {
        text: `load_best_model_at_end needs the same rhythm for both: eval_strategy is ${evaluate}, save_strategy ${save}.`,
        at: ['load_best_model_at_end'],
        mends: [
          { path: 'eval_strategy', value: save },
          { path: 'save_strategy', value: 'best' },
        ],
      };
    }),
    rule('best_steps', (facts) => {
      const both = rhythm.strategy(facts) === 'steps' && facts.text('save_strategy') === 'steps';
      if (!facts.is('load_best_model_at_end', true) || !both) return undefined;
      const save = facts.number('save_steps');
      const evaluate = rhythm.steps(facts);
      if (save === undefined || evaluate === undefined || evaluate === 0 || save % evaluate === 0) return undefined;
      return {
        text: `load_best_model_at_end needs save_steps = ${save} to be a multiple of eval_steps = ${evaluate}.`,
        at: ['save_steps', 'eval_steps', 'load_best_model_at_end'],
        mends: [{ path: 'save_steps', value: Math.ceil(save / evaluate) * evaluate }],
      };
    }),
    rule('fp16_bf16', (facts) =>
      facts.is('fp16', true) && facts.is('bf16', true)
        ? { text: 'fp16 and bf16 exclude each other.', at: ['fp16', 'bf16'], mends: [{ path: 'fp16', value: false }] }
        : undefined,
    ),
    rule('logging_steps', (facts) => {
      const steps = facts.number('logging_steps');
      if (facts.text('logging_strategy') !== 'steps' || steps === undefined) return undefined;
      if (steps !== 0 && (steps <= 1 || Number.isInteger(steps))) return undefined;
      return {
        text: `logging_steps = ${steps} must be a whole number above 0, or a share below 1.`,
        at: ['logging_steps'],
      };
    }),
    rule('empty_cache', (facts) => {
      const steps = facts.number('torch_empty_cache_steps');
      if (steps === undefined || (Number.isInteger(steps) && steps > 0)) return undefined;
      return {
        text: `torch_empty_cache_steps = ${steps} must be a whole number above 0.`,
        at: ['torch_empty_cache_steps'],
      };
    }),
  ];
}
