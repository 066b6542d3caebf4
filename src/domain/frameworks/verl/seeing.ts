import type { Overlong } from '../../dataset/seen';
import { resized } from '../../dataset/vision';
import type { Facts } from '../facts';
import type { Seeing } from '../seeing';

/** Pictures go through qwen-vl-utils before the processor: 4 to 16,384 tokens (verl/utils/dataset/vision_utils.py:25
 * @ 1dda039b9; IMAGE_MIN_TOKEN_NUM and IMAGE_MAX_TOKEN_NUM of qwen-vl-utils 0.0.14). */
export function verlSeeing(facts: Facts): Omit<Seeing, 'framework'> {
  const limit = facts.number('data.max_prompt_length');
  const filters = facts.is('data.filter_overlong_prompts', true);
  const model = facts.text('actor_rollout_ref.model.path');
  return {
    ...(model === undefined ? {} : { model }),
    overlong: (withMedia) => ({ ...(limit === undefined ? {} : { limit }), ...treated(filters, withMedia) }),
    picture: (size, factor) => resized(size, { factor, minPixels: 4 * factor ** 2, maxPixels: 16_384 * factor ** 2 }),
    sampling: {},
    notes: [],
  };
}

/** verl/experimental/agent_loop/agent_loop.py:348 and :407, verl/utils/dataset/rl_dataset.py:268 @ 1dda039b9. */
function treated(filters: boolean, withMedia: boolean): Omit<Overlong, 'limit'> {
  if (filters) return { does: 'left out', says: 'verl leaves it out: data.filter_overlong_prompts is on.' };
  if (withMedia)
    return { does: 'refused', says: 'verl ends the rollout with an error: a prompt with media cannot be cut.' };
  return { does: 'cut left', says: 'verl keeps the last data.max_prompt_length tokens.' };
}
