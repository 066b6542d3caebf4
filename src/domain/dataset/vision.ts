/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a model's processor makes tokens of pictures; pixels are counted over the whole picture, or over one frame. */
export interface Vision {
  readonly patch: number;
  readonly merge: number;
  readonly minPixels: number;
  readonly maxPixels: number;
  /** The text that stands for one picture, and for one film. */
  readonly pad: Readonly<Record<'image' | 'video', string>>;
  /** A time stamp is written before every pair of frames. */
  readonly stamps?: true;
}

interface Limits {
  readonly factor: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

/** Python's `round`: halves go to the even neighbour. */
export function rounded(value: number): number {
  const [down, rest] = [Math.floor(value), value - Math.floor(value)];
  return rest === 0.5 ? down + (down % 2) : Math.round(value);
}

/**
 * The size that a picture is brought to: sides divisible by `factor`, its pixels within the limits, its shape kept as
 * far as that goes (smart_resize, transformers/models/qwen2_vl/image_processing_qwen2_vl.py @ v5.23.0). A sentence,
 * where the processor refuses it.
 */
export function resized({ width, height }: Size, { factor, minPixels, maxPixels }: Limits): Size | string {
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (!(ratio <= 200)) return `The processor refuses sides of ${width} × ${height}: one is over 200 times the other.`;
  const near = (side: number): number => rounded(side / factor) * factor;
  if (near(height) * near(width) > maxPixels) {
    const beta = Math.sqrt((height * width) / maxPixels);
    const down = (side: number): number => Math.max(factor, Math.floor(side / beta / factor) * factor);
    return { width: down(width), height: down(height) };
  }
  if (near(height) * near(width) < minPixels) {
    const beta = Math.sqrt(minPixels / (height * width));
    const up = (side: number): number => Math.ceil((side * beta) / factor) * factor;
    return { width: up(width), height: up(height) };
  }
  return { width: near(width), height: near(height) };
}

/** A picture as the model is given it, or a sentence on why it is refused. */
export interface Tiled {
  readonly size: Size;
  readonly tokens: number;
}

export function imageTokens(size: Size, vision: Vision): Tiled | string {
  const factor = vision.patch * vision.merge;
  const fitted = resized(size, { factor, minPixels: vision.minPixels, maxPixels: vision.maxPixels });
  return typeof fitted === 'string' ? fitted : { size: fitted, tokens: tiles(fitted, factor) };
}

function tiles({ width, height }: Size, factor: number): number {
  return (width / factor) * (height / factor);
}

/** What is known of a film, from its file and its record; frames per second and limits as qwen-vl-utils calls them. */
export interface Film {
  readonly frames: number;
  readonly fps?: number;
  readonly size?: Size;
}

export interface Sampling {
  readonly fps?: number;
  readonly nframes?: number;
  readonly minFrames?: number;
  readonly maxFrames?: number;
  readonly minPixels?: number;
  readonly maxPixels?: number;
}

const PAIR = 2;

/**
 * How many frames of a film the model is shown (smart_nframes, qwen-vl-utils/src/qwen_vl_utils/vision_process.py @
 * 0.0.14), or a sentence on why none.
 */
export function sampledFrames({ frames, fps }: Film, sampling: Sampling): number | string {
  const even = (value: number): number => Math.floor(value / PAIR) * PAIR;
  let count: number;
  if (sampling.nframes !== undefined) count = rounded(sampling.nframes / PAIR) * PAIR;
  else if (fps === undefined) return 'Its frames per second are not known.';
  else {
    const least = Math.ceil((sampling.minFrames ?? 4) / PAIR) * PAIR;
    const most = even(sampling.maxFrames ?? Math.min(768, frames));
    count = even(Math.min(Math.max((frames / fps) * (sampling.fps ?? 2), least), most, frames));
  }
  return count >= PAIR && count <= frames ? count : `It has ${frames} frames, of which ${count} cannot be taken.`;
}

/** Which frames: evenly from the first to the last (`linspace(0, total − 1, n).round()`, same file). */
export function frameNumbers(frames: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => rounded((at * (frames - 1)) / (count - 1)));
}

/** Tokens of a film of which `count` frames are shown, and the size of each (fetch_video, same file; 128,000 tokens at most). */
export function filmTokens(
  size: Size,
  count: number,
  { patch, merge }: Vision,
  { minPixels, maxPixels }: Sampling,
): Tiled | string {
  const factor = patch * merge;
  const least = minPixels ?? 128 * factor ** 2;
  const share = ((128_000 * factor ** 2 * 0.9) / count) * PAIR;
  const most = Math.max(Math.min(768 * factor ** 2, share), Math.trunc(least * 1.05));
  const fitted = resized(size, { factor, minPixels: least, maxPixels: Math.min(maxPixels ?? most, most) });
  return typeof fitted === 'string' ? fitted : { size: fitted, tokens: (count / PAIR) * tiles(fitted, factor) };
}
