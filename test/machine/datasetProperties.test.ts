import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { DataForm, DataRecord, Media, Message } from '../../src/domain/dataset';
import { dataForms } from '../../src/domain/frameworks/datasets';
import { dice, type Dice } from '../support/dice';

/** Ten thousand of them each way take a minute: `npm run test:long`. */
const COUNT = Number(process.env['GRPO_LENS_RECORDS'] ?? 500);

/** The record that a form reads from what it wrote. */
function again(form: DataForm, record: DataRecord): DataRecord | string {
  return form.read(form.write(record));
}

/** Says what differs only where something does: comparing is what takes the time here. */
function equal(a: unknown, b: unknown, about: unknown): void {
  if (!isDeepStrictEqual(a, b)) expect(a, JSON.stringify(about)).toStrictEqual(b);
}

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

function pick<T>(roll: Dice, from: readonly T[]): T {
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
function anyRecord(roll: Dice): DataRecord {
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

/** Without the tags that a form puts before a prompt for media that the text did not mention. */
function untagged(record: DataRecord): DataRecord {
  const messages = record.messages.map((turn) => ({ ...turn, content: turn.content.replace(/^(<\w+>)+/, '') }));
  return { ...record, messages };
}

describe.each(dataForms.map((form) => [form.name, form] as const))('%s', (_, form) => {
  test(`${COUNT} made records come back as they were held, and are held whole again`, () => {
    const roll = dice(form.name.length * 7919);
    for (let number = 0; number < COUNT; number++) {
      const { record } = form.hold(anyRecord(roll));
      equal(again(form, record), record, form.write(record));
      equal(form.hold(record), { record, lost: [] }, record);
    }
  });

  test('a record of which nothing is said to be lost is held whole', () => {
    const roll = dice(form.name.length * 104729);
    let whole = 0;
    for (let number = 0; number < COUNT; number++) {
      const made = anyRecord(roll);
      const { record, lost } = form.hold(made);
      if (lost.length > 0) continue;
      whole += 1;
      equal(untagged(record), untagged(made), made);
    }
    expect(whole).toBeGreaterThan(COUNT / 500);
  });

  for (const other of dataForms.filter((one) => one !== form)) {
    test(`to ${other.name} and back: ${COUNT} records equal within what both can hold`, () => {
      const roll = dice(form.name.length * 31 + other.name.length);
      for (let number = 0; number < COUNT; number++) {
        const here = form.hold(anyRecord(roll)).record;
        const there = again(other, other.hold(here).record);
        if (typeof there === 'string') throw new Error(there);
        const back = form.hold(there).record;
        equal(again(form, back), back, there);
        equal(back, form.hold(other.hold(here).record).record, here);
      }
    });
  }
});
