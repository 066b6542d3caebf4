import type { Facts } from '../facts';
import type { Seeing } from '../seeing';

/** A trainer of one's own may do anything; its usual flags are those of Qwen's fine-tuning code. */
export function ownSeeing(facts: Facts): Omit<Seeing, 'framework'> {
  const limit = facts.number('max_prompt_length') ?? facts.number('model_max_length');
  const [minFrames, maxFrames] = [facts.number('min_frames'), facts.number('max_frames')];
  const model = facts.text('model_name_or_path');
  return {
    ...(model === undefined ? {} : { model }),
    overlong: () => ({
      ...(limit === undefined ? {} : { limit }),
      does: 'kept',
      says: 'What your trainer does with a longer prompt stands in its own code.',
    }),
    sampling: { ...(minFrames === undefined ? {} : { minFrames }), ...(maxFrames === undefined ? {} : { maxFrames }) },
    notes: ['Your trainer may build the prompt in another way; shown is the model’s own chat template.'],
  };
}
