import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  filmTokens,
  frameNumbers,
  imageTokens,
  rounded,
  sampledFrames,
  type Vision,
} from '../../src/domain/dataset/vision';
import { visionOf } from '../../src/domain/dataset/visionFiles';

type Settings = Readonly<Record<'fps' | 'nframes' | 'min_frames' | 'max_frames', number | undefined>>;

interface Recorded {
  readonly pictures: readonly (readonly [number, number, number, number, number, readonly [number, number] | null])[];
  readonly films: readonly (readonly [
    frames: number,
    fps: number,
    Settings,
    count: number | null,
    width: number,
    height: number,
    patch: number,
    size: readonly [number, number] | null,
  ])[];
}

const { pictures, films } = JSON.parse(readFileSync('test/recordings/vision/qwen.json', 'utf8')) as Recorded;
const pad = { image: '<|image_pad|>', video: '<|video_pad|>' };

test(`${pictures.length} pictures are resized as by transformers`, () => {
  const ours = pictures.map(([width, height, patch, minPixels, maxPixels]) => {
    const tiled = imageTokens({ width, height }, { patch, merge: 2, minPixels, maxPixels, pad });
    return typeof tiled === 'string' ? null : [tiled.size.height, tiled.size.width, tiled.tokens];
  });
  const theirs = pictures.map(([, , patch, , , size]) => size && [...size, (size[0] * size[1]) / (patch * 2) ** 2]);
  expect(ours).toEqual(theirs);
});

test(`${films.length} films are sampled and resized as by qwen-vl-utils`, () => {
  const ours = films.map(([frames, fps, settings, , width, height, patch]) => {
    const { nframes, min_frames: minFrames, max_frames: maxFrames } = settings;
    const sampling = Object.entries({ fps: settings.fps, nframes, minFrames, maxFrames });
    const given = Object.fromEntries(sampling.filter(([, value]) => value !== undefined));
    const count = sampledFrames({ frames, fps }, given);
    if (typeof count === 'string') return [null, null];
    const vision: Vision = { patch, merge: 2, minPixels: 0, maxPixels: 0, pad };
    const tiled = filmTokens({ width, height }, count, vision, {});
    return [count, typeof tiled === 'string' ? null : [tiled.size.height, tiled.size.width]];
  });
  expect(ours).toEqual(films.map(([, , , count, , , , size]) => [count, size]));
});

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [2.51, 3],
  [7, 7],
])('Python rounds %d to %d', (value, expected) => {
  expect(rounded(value)).toBe(expected);
});

test('frames are taken from the first to the last', () => {
  expect(frameNumbers(26, 8)).toEqual([0, 4, 7, 11, 14, 18, 21, 25]);
});

test.each([
  ['no file', undefined, undefined],
  ['Qwen2-VL', { image_processor_type: 'Qwen2VLImageProcessor' }, { patch: 14, minPixels: 3136, maxPixels: 1003520 }],
  [
    'Qwen3-VL',
    {
      image_processor_type: 'Qwen2VLImageProcessorFast',
      processor_class: 'Qwen3VLProcessor',
      patch_size: 16,
      size: { shortest_edge: 65536, longest_edge: 16777216 },
    },
    { patch: 16, merge: 2, minPixels: 65536, maxPixels: 16777216 },
  ],
])('the numbers of %s', (_, file, expected) => {
  const found = visionOf(file, undefined);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
});
