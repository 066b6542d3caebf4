import type { Overlong } from '../../dataset/seen';
import type { Facts } from '../facts';
import type { Seeing } from '../seeing';

/** Since 0.28 no prompt is cut (trl/trainer/grpo_trainer.py @ f2cd57710 knows no `max_prompt_length`); before, from the left. */
export function trlSeeing(facts: Facts): Omit<Seeing, 'framework'> {
  const limit = facts.number('max_prompt_length');
  const overlong: Overlong =
    limit === undefined
      ? { does: 'kept', says: 'TRL cuts no prompt; one longer than the engine’s context ends the training.' }
      : {
          limit,
          does: 'cut left',
          says: 'TRL before 0.28 keeps the last max_prompt_length tokens; later ones cut none.',
        };
  const model = facts.text('model_name_or_path');
  return {
    ...(model === undefined ? {} : { model }),
    overlong: () => overlong,
    sampling: {},
    notes: [],
  };
}
