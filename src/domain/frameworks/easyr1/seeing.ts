import type { Overlong } from '../../dataset/seen';
import type { Size } from '../../dataset/vision';
import type { Facts } from '../facts';
import type { Seeing } from '../seeing';

/** verl/utils/dataset.py:47 and :245, verl/trainer/data_loader.py:38 @ b44b311b6. */
export function easyr1Seeing(facts: Facts): Omit<Seeing, 'framework'> {
  const [limit, min, max] = ['data.max_prompt_length', 'data.min_pixels', 'data.max_pixels'].map((key) =>
    facts.number(key),
  );
  const treated: Omit<Overlong, 'limit'> = facts.is('data.filter_overlong_prompts', false)
    ? { does: 'cut right', says: 'EasyR1 keeps the first data.max_prompt_length tokens.' }
    : { does: 'left out', says: 'EasyR1 leaves it out: data.filter_overlong_prompts is on.' };
  const fps = facts.number('data.video_fps');
  const [model, wrapper] = [facts.text('worker.actor.model.model_path'), facts.text('data.format_prompt')];
  return {
    ...(model === undefined ? {} : { model }),
    ...(wrapper === undefined ? {} : { wrapper: wrapper.replace(/:[A-Za-z_]\w*$/, '') }),
    overlong: () => ({ ...(limit === undefined ? {} : { limit }), ...treated }),
    picture: (size) => within(size, min, max),
    sampling: {
      ...(fps === undefined ? {} : { fps }),
      ...(min === undefined ? {} : { minPixels: min }),
      ...(max === undefined ? {} : { maxPixels: max }),
    },
    notes: [],
  };
}

/** Both sides by the same factor, fractions dropped; first down to the most, then up to the least (process_image). */
function within(size: Size, min: number | undefined, max: number | undefined): Size {
  const scaled = ({ width, height }: Size, pixels: number): Size => {
    const factor = Math.sqrt(pixels / (width * height));
    return { width: Math.trunc(width * factor), height: Math.trunc(height * factor) };
  };
  const down = max !== undefined && size.width * size.height > max ? scaled(size, max) : size;
  return min !== undefined && down.width * down.height < min ? scaled(down, min) : down;
}
