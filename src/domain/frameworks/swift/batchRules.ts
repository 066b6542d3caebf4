import { batchOf } from '../batch';
import type { Facts } from '../facts';
import { nearestThatFit, thatWork, type Rule } from '../rule';
import { evaluates } from './evaluation';
import { swiftWorld } from './world';

const MIXIN = 'swift/rlhf_trainers/args_mixin.py';

const teaches = (facts: Facts): boolean => facts.isSet('teacher_model') || facts.isSet('teacher_model_server');

/** Rules on how many completions stand together. Sizes count completions, not prompts. */
export const batchRules: readonly Rule[] = [
  {
    id: 'swift.gen_batch_div_global',
    weight: 'error',
    source: `${MIXIN}:209`,
    broken: (facts) => {
      const [size, each] = [facts.number('generation_batch_size'), facts.number('per_device_train_batch_size')];
      const world = swiftWorld(facts);
      if (size === undefined || facts.isSet('steps_per_generation') || !each || !world) return undefined;
      const global = each * world;
      if (size % global === 0) return undefined;
      const near = nearestThatFit(size, (value) => value % global === 0);
      return {
        text: `generation_batch_size = ${size} is not divisible by ${each} × ${world} = ${global}; nearest that work: ${near.join(', ')}.`,
        at: ['generation_batch_size'],
        mends: near.map((value) => ({ path: 'generation_batch_size', value })),
      };
    },
  },
  {
    id: 'swift.gen_batch_equals',
    weight: 'error',
    source: `${MIXIN}:217`,
    since: '4.0.0',
    broken: (facts) => {
      const [size, steps] = [facts.number('generation_batch_size'), facts.number('steps_per_generation')];
      const [each, world] = [facts.number('per_device_train_batch_size'), swiftWorld(facts)];
      if (size === undefined || steps === undefined || !each || !world || size === each * world * steps)
        return undefined;
      const right = each * world * steps;
      return {
        text: `generation_batch_size = ${size} contradicts ${each} × ${world} × ${steps} = ${right}: set one of the two.`,
        at: ['generation_batch_size', 'steps_per_generation'],
        mends: [
          { path: 'generation_batch_size', value: right },
          { path: 'steps_per_generation', value: null },
        ],
      };
    },
  },
  {
    id: 'swift.steps_per_generation_positive',
    weight: 'error',
    source: `${MIXIN}:222`,
    broken: (facts) => {
      const steps = facts.number('steps_per_generation');
      if (steps === undefined || steps > 0) return undefined;
      return { text: `steps_per_generation = ${steps} must be above 0.`, at: ['steps_per_generation'] };
    },
  },
  {
    id: 'swift.gen_batch_div_num_generations',
    weight: 'error',
    source: `${MIXIN}:229`,
    broken: (facts) => {
      const group = facts.number('num_generations');
      const batch = batchOf(facts, swiftWorld(facts));
      if (group === undefined || group <= 1 || !batch || batch.generation % group === 0) return undefined;
      const near = nearestThatFit(group, (value) => batch.generation % value === 0);
      return {
        text: `${batch.shown} is not divisible by num_generations = ${group}${thatWork(near, 'raise per_device_train_batch_size or gradient_accumulation_steps')}`,
        at: ['num_generations', ...batch.from],
        mends: near.map((value) => ({ path: 'num_generations', value })),
      };
    },
  },
  {
    id: 'swift.eval_batch_div',
    weight: 'error',
    source: `${MIXIN}:235`,
    broken: (facts) => {
      const strategy = evaluates(facts);
      const [each, world] = [facts.number('per_device_eval_batch_size'), swiftWorld(facts)];
      const own = facts.value('num_generations_eval');
      const key = own === null ? 'num_generations' : 'num_generations_eval';
      const group = own === null ? facts.number('num_generations') : own;
      if (strategy === undefined || strategy === 'no' || !each || !world || typeof group !== 'number') return undefined;
      const total = each * world;
      if (group === 0 || total % group === 0) return undefined;
      const near = nearestThatFit(group, (value) => total % value === 0);
      return {
        text: `${each} × ${world} = ${total} completions for evaluation are not divisible by ${key} = ${group}${thatWork(near, 'raise per_device_eval_batch_size')}`,
        at: ['per_device_eval_batch_size', key],
        mends: near.map((value) => ({ path: 'num_generations_eval', value })),
      };
    },
  },
  {
    id: 'swift.num_generations_min',
    weight: 'error',
    source: 'swift/arguments/rlhf_args.py:409',
    broken: (facts) => {
      const group = facts.number('num_generations');
      if (group === undefined || group > 1 || teaches(facts)) return undefined;
      const text = `num_generations = ${group} leaves no group to compare with: GRPO needs at least 2.`;
      return { text, at: ['num_generations'], mends: [{ path: 'num_generations', value: 8 }] };
    },
  },
];
