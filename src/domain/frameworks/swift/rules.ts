import { deepspeedRule } from '../launchers/deepspeed';
import { huggingFace } from '../transformers';
import type { Rule } from '../rule';
import { batchRules } from './batchRules';
import { deviceRules } from './deviceRules';
import { distillRules } from './distillRules';
import { evaluates, evaluationSteps } from './evaluation';
import { lossRules } from './lossRules';
import { rewardRules } from './rewardRules';
import { recordRule } from '../recording';
import { vllmRules } from './vllmRules';

/** ms-swift's rules for GRPO. */
export const swiftRules: readonly Rule[] = (
  [
    ...huggingFace('swift', { strategy: evaluates, steps: evaluationSteps }),
    deepspeedRule('swift'),
    ...batchRules,
    ...rewardRules,
    ...vllmRules,
    ...lossRules,
    ...distillRules,
    ...deviceRules,
    recordRule({
      id: 'swift.nothing_recorded',
      source: 'swift/arguments/rlhf_args.py:166',
      key: 'log_completions',
      value: true,
      silent: (facts) => facts.given('dataset') !== undefined && facts.is('log_completions', false),
    }),
  ] as const
).map((rule) => ({ ...rule, broken: (facts) => (facts.is('rlhf_type', 'grpo') ? rule.broken(facts) : undefined) }));
