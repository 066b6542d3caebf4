import type { DataRecord, Media, Message } from '../../src/domain/dataset/dataset';
import type { Dice } from './dice';

const TEXTS = [
  '',
  'How many?',
  '<image>How many?',
  'Look: <image> and <image>.',
  '<video>\nWhich?',
  'é中\n"quoted"',
  '[1]',
];
const NAMES = [
  'id',
  'meta',
  'index',
  'answer',
  'solution',
  'prompt',
  'messages',
  'data_source',
  'extra_info',
  'completion',
];
const MORE_NAMES = [
  'reward_model',
  'image',
  'images',
  'conversations',
  'ability',
  'level',
  'frame_cnts',
  'style',
  'split',
];

/** One of them, by chance. */
export function pick<T>(roll: Dice, from: readonly T[]): T {
  return from[roll(from.length)] as T;
}

function some<T>(roll: Dice, most: number, make: () => T): T[] {
  return Array.from({ length: roll(most + 1) }, make);
}

function value(roll: Dice): unknown {
  return pick(roll, [
    'text',
    7,
    0.5,
    true,
    '<answer> 3 </answer>',
    ['a', 'b'],
    { a: 1, b: 'x' },
    [[1, 2], [3]],
    { style: 'rule' },
  ]);
}

function message(roll: Dice): Message {
  const role = pick(roll, ['system', 'user', 'user', 'assistant', 'tool', 'tool_call']);
  return { role, content: pick(roll, TEXTS), ...(roll(9) === 0 ? { more: { loss: true } } : {}) };
}

function medium(roll: Dice): Media {
  const path = pick(roll, ['a.png', '/b/c.jpg', 'https://example.org/d.png']);
  const kind = roll(6);
  if (kind === 0) return { bytes: new Uint8Array([1, 2, roll(255)]) };
  if (kind === 1) return { path, bytes: new Uint8Array([9]) };
  return kind === 2 ? { path, more: { max_pixels: 99 } } : { path };
}

/** Any record at all, also such as no form could have given. */
export function anyRecord(roll: Dice): DataRecord {
  const plain = roll(6) === 0;
  const columns = Object.fromEntries(some(roll, 4, () => [pick(roll, [...NAMES, ...MORE_NAMES]), value(roll)]));
  return {
    messages: plain
      ? [{ role: 'user', content: pick(roll, TEXTS) }]
      : [message(roll), ...some(roll, 4, () => message(roll))],
    ...(plain ? { plain: true } : {}),
    ...(roll(3) === 0 ? { response: pick(roll, TEXTS) } : {}),
    ...(roll(3) > 0 ? { solution: value(roll) } : {}),
    images: some(roll, 2, () => medium(roll)),
    videos: roll(4) === 0 ? some(roll, 1, () => medium(roll)) : [],
    audios: roll(8) === 0 ? some(roll, 1, () => medium(roll)) : [],
    columns,
  };
}
