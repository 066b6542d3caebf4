import { describe, expect, test } from 'vitest';
import { easyr1Dataset } from '../../src/domain/frameworks/easyr1/dataset';
import { ownDataset } from '../../src/domain/frameworks/own/dataset';
import { swiftDataset } from '../../src/domain/frameworks/swift/dataset';
import { recastShape, type Recasting } from '../../src/domain/dataset/recast';
import { Changed, StandIns } from '../../src/domain/dataset/standIns';
import type { DataForm } from '../../src/domain/dataset/dataset';

const into = (to: DataForm): Recasting => ({ from: easyr1Dataset, to, prepare: (record) => record });

test('a shape is recast by what the forms do with stand-ins', () => {
  const standIns = new StandIns();
  const sample = { prompt: `<image>${standIns.text()}`, answer: standIns.text(), id: standIns.list() };
  expect(recastShape({ ...sample, images: ['a.png', standIns.text()] }, standIns, into(swiftDataset))).toEqual({
    fields: [
      [
        'messages',
        {
          items: [
            {
              fields: [
                ['role', text('user')],
                ['content', { pieces: ['<image><image>', 0] }],
              ],
            },
          ],
        },
      ],
      ['images', { items: [text('a.png'), { pieces: [3] }] }],
      ['solution', { pieces: [1] }],
      ['id', { slot: 2 }],
    ],
    lost: [],
  });
});

function text(piece: string): unknown {
  return { pieces: [piece] };
}

test.each<[string, (standIns: StandIns) => unknown]>([
  ['a number', (standIns) => standIns.number()],
  ['a list', (standIns) => standIns.list()],
  ['a record', (standIns) => standIns.record()],
])('a solution that is %s must become text there: each such record is read', (_, answer) => {
  const standIns = new StandIns();
  expect(recastShape({ prompt: standIns.text(), answer: answer(standIns) }, standIns, into(ownDataset))).toBe(
    undefined,
  );
});

describe('what was changed is noticed', () => {
  const changes: [string, (text: string) => unknown][] = [
    ['quoted', (value) => JSON.stringify(value)],
    ['trimmed', (value) => value.trim()],
    ['in other case', (value) => value.toUpperCase()],
    ['cut', (value) => value.slice(0, 4)],
    ['inside JSON', (value) => JSON.stringify({ a: [value] })],
  ];
  test.each(changes)('text that is %s', (_, change) => {
    const standIns = new StandIns();
    expect(() => standIns.recast(change(standIns.text()))).toThrow(Changed);
  });

  test('a number that became text, and records that were looked into', () => {
    const standIns = new StandIns();
    expect(() => standIns.recast(`${standIns.number()} and more`)).toThrow(Changed);
    expect(() => Object.keys(standIns.record())).toThrow(Changed);
    expect(() => standIns.list().length).toThrow(Changed);
  });
});
