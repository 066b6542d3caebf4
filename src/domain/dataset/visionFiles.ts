import type { RawRecord } from '../rollouts/rollout';
import type { Vision } from './vision';

const QWEN = /^Qwen[23](?:_5)?_?VL(?:ImageProcessor|Processor)/;

/**
 * How pictures become tokens by a model's preprocessor_config.json; undefined where there is none, and a sentence where
 * its processor is one whose tokens we cannot count. Defaults of Qwen2VLImageProcessor,
 * transformers/models/qwen2_vl/image_processing_qwen2_vl.py:93 @ v5.23.0.
 */
export function visionOf(picture: RawRecord | undefined, film: RawRecord | undefined): Vision | string | undefined {
  if (!picture) return undefined;
  const name = nameOf(picture);
  if (!QWEN.test(name))
    return `How many tokens ${name} makes of a picture is not known here: only those of Qwen-VL are.`;
  const size = (typeof picture['size'] === 'object' ? picture['size'] : {}) as RawRecord;
  return {
    patch: number(picture['patch_size'], 14),
    merge: number(picture['merge_size'], 2),
    minPixels: number(picture['min_pixels'] ?? size['shortest_edge'] ?? size['min_pixels'], 56 * 56),
    maxPixels: number(picture['max_pixels'] ?? size['longest_edge'] ?? size['max_pixels'], 28 * 28 * 1280),
    pad: { image: '<|image_pad|>', video: '<|video_pad|>' },
    ...(/Qwen3/.test(`${name} ${nameOf(film ?? {})}`) ? { stamps: true } : {}),
  };
}

function nameOf(config: RawRecord): string {
  const names = ['image_processor_type', 'video_processor_type', 'processor_class'].map((key) => config[key]);
  return String(names.find((name) => typeof name === 'string') ?? 'This image processor');
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
