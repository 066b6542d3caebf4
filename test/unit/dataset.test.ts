import { expect, test } from 'vitest';
import type { DataForm, DataRecord } from '../../src/domain/dataset/dataset';
import { dataForms, formOf } from '../../src/domain/frameworks/datasets';
import type { RawRecord } from '../../src/domain/rollouts/rollout';

function form(id: string): DataForm {
  const found = dataForms.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
}

function read(id: string, record: RawRecord): DataRecord {
  const result = form(id).read(record);
  if (typeof result === 'string') throw new Error(`${result} ${JSON.stringify(record)}`);
  return result;
}

const SWIFT = {
  messages: [
    { role: 'user', content: '<image>How many items?' },
    { role: 'assistant', content: '<answer> 3 </answer>' },
  ],
  images: ['a.png'],
  solution: '<answer> 3 </answer>',
};
const EASYR1 = { prompt: '<image> is there evidence of an aneurysm?', answer: 'yes', images: ['/data/0.jpg'] };
const TRL = { prompt: [{ role: 'user', content: 'How many?' }], image: 'images/0.png', solution: '4', picture: 0 };
const VERL = {
  data_source: 'gad',
  prompt: [{ role: 'user', content: '<image>Describe it.' }],
  images: [{ image: 'a.png' }],
  reward_model: { style: 'rule', ground_truth: 'A dog.' },
  extra_info: { index: 0, split: 'train' },
};
const OWN = {
  id: 0,
  conversations: [
    { from: 'human', value: '<video>\nWhich actions?' },
    { from: 'gpt', value: '<answer>(1) Turn</answer>' },
  ],
  video: 'a.mp4',
  meta: { frame_cnts: [15, 11], min_frames: 4, max_frames: 8, dynamic_sample: true },
};

test.each([
  ['swift', SWIFT],
  ['easyr1', EASYR1],
  ['trl', TRL],
  ['verl', VERL],
  ['own', OWN],
])('a record of %s is known and read', (id, record) => {
  expect(formOf(record)?.id).toBe(id);
  expect(typeof form(id).read(record)).toBe('object');
});

test.each([
  ['swift', SWIFT],
  ['easyr1', EASYR1],
  ['verl', VERL],
  ['own', OWN],
])('a record of %s is written as it was', (id, record) => {
  const { record: held, lost } = form(id).hold(read(id, record));
  expect(lost).toEqual([]);
  expect(form(id).write(held)).toEqual(record);
});

function converted(record: RawRecord, from: string, to: string): unknown {
  const { record: held, lost } = form(to).hold(read(from, record));
  return [form(to).write(held), lost];
}

test('conversions, and what they lose', () => {
  expect(converted(SWIFT, 'swift', 'easyr1')).toEqual([
    { prompt: '<image>How many items?', answer: '<answer> 3 </answer>', images: ['a.png'] },
    ['the written answer'],
  ]);
  expect(converted(TRL, 'trl', 'swift')).toEqual([
    { messages: [{ role: 'user', content: '<image>How many?' }], images: ['images/0.png'], solution: '4', picture: 0 },
    [],
  ]);
  expect(converted(EASYR1, 'easyr1', 'trl')).toEqual([
    {
      prompt: [{ role: 'user', content: ' is there evidence of an aneurysm?' }],
      images: ['/data/0.jpg'],
      solution: 'yes',
    },
    [],
  ]);
  expect(converted(EASYR1, 'easyr1', 'verl')).toEqual([
    {
      data_source: 'unknown',
      prompt: [{ role: 'user', content: '<image> is there evidence of an aneurysm?' }],
      images: [{ image: '/data/0.jpg' }],
      reward_model: { style: 'rule', ground_truth: 'yes' },
    },
    ['that it has no “data_source” (it becomes “unknown”)'],
  ]);
  expect(converted(OWN, 'own', 'easyr1')).toEqual([
    {
      prompt: '<video>\nWhich actions?',
      answer: '<answer>(1) Turn</answer>',
      videos: ['a.mp4'],
      id: 0,
      meta: OWN.meta,
    },
    [],
  ]);
});

test.each([
  ['swift', { messages: 'hello' }, '“messages” is no list of messages.'],
  ['swift', { messages: [{ content: 'x' }] }, 'Message 1 of “messages” has no role.'],
  [
    'trl',
    { prompt: [{ role: 'user', content: 7 }] },
    'The content of message 1 of “prompt” is neither text nor parts.',
  ],
  ['easyr1', { prompt: 5, answer: 'x' }, '“prompt” is no text.'],
  [
    'easyr1',
    { prompt: '<image>', images: [5] },
    'Item 1 of “images” is neither a path nor a record with “path” or “bytes”.',
  ],
  [
    'own',
    { conversations: [{ from: 'system', value: 'x' }] },
    'Turn 1 of “conversations” is from “system”, not human or gpt.',
  ],
])('a bad record of %s is refused in a sentence', (id, record, sentence) => {
  expect(form(id).read(record)).toBe(sentence);
});
