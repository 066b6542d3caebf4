import type { Overlong } from '../../dataset/seen';
import type { Sampling, Size } from '../../dataset/vision';
import type { Facts } from '../facts';
import type { Seeing } from '../seeing';

/** swift/template/base.py:424, :1441 and :1497, swift/arguments/rlhf_args.py:350 @ 3602360a5. */
export function swiftSeeing(facts: Facts): Omit<Seeing, 'framework'> {
  const limit = facts.number('max_length');
  const most = facts.number('max_pixels');
  const treated: Omit<Overlong, 'limit'> = facts.is('truncation_strategy', 'delete')
    ? { does: 'left out', says: 'ms-swift draws another record in its place: truncation_strategy is delete.' }
    : { does: 'cut left', says: 'ms-swift keeps the last max_length tokens, and every token of pictures and films.' };
  const [model, system] = [facts.text('model'), facts.text('system')];
  return {
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { system }),
    overlong: () => ({ ...(limit === undefined ? {} : { limit }), ...treated }),
    ...(most === undefined ? {} : { picture: (size) => within(size, most) }),
    pixels: pixelsOf(facts),
    sampling: samplingOf(facts),
    notes: facts.is('template_backend', 'jinja')
      ? []
      : ['ms-swift writes the chat by a template of its own; it should give the same text as the model’s, shown here.'],
  };
}

/** rescale_image, swift/template/vision_utils.py:88. */
function within({ width, height }: Size, most: number): Size {
  if (most <= 0 || width * height <= most) return { width, height };
  const tall = Math.sqrt(most / (width / height));
  return { width: Math.trunc(tall * (width / height)), height: Math.trunc(tall) };
}

/** Variables that ms-swift hands to qwen-vl-utils (swift/model/models/qwen.py:700). */
function pixelsOf(facts: Facts): NonNullable<Seeing['pixels']> {
  return given({ minPixels: variable(facts, 'MIN_PIXELS'), maxPixels: variable(facts, 'MAX_PIXELS') });
}

function samplingOf(facts: Facts): Sampling {
  return given({
    fps: variable(facts, 'FPS'),
    nframes: variable(facts, 'NFRAMES'),
    minFrames: variable(facts, 'FPS_MIN_FRAMES'),
    maxFrames: variable(facts, 'FPS_MAX_FRAMES'),
    minPixels: variable(facts, 'VIDEO_MIN_PIXELS'),
    maxPixels: variable(facts, 'VIDEO_MAX_PIXELS'),
  });
}

function variable(facts: Facts, name: string): number | undefined {
  const text = facts.environment(name);
  return text && Number(text) > 0 ? Number(text) : undefined;
}

function given<T extends object>(values: T): { readonly [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: NonNullable<T[K]>;
  };
}
