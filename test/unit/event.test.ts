import { expect, it } from 'vitest';
import { Cell, Emitter } from '../../src/base/event';

it('every listener is called, also behind one that fails; the first failure is thrown', () => {
  const heard: string[] = [];
  const emitter = new Emitter<string>();
  emitter.event(() => {
    throw new Error('first');
  });
  emitter.event((value) => heard.push(value));
  emitter.event(() => {
    throw new Error('second');
  });
  expect(() => emitter.fire('a')).toThrow('first');
  expect(heard).toEqual(['a']);
});

it('whoever has let go hears no more', () => {
  const heard: string[] = [];
  const emitter = new Emitter<string>();
  const following = emitter.event((value) => heard.push(value));
  emitter.fire('a');
  following.dispose();
  emitter.fire('b');
  expect(heard).toEqual(['a']);
});

it('a cell tells changes only', () => {
  const heard: number[] = [];
  const cell = new Cell(1);
  cell.onChange((value) => heard.push(value));
  for (const value of [1, 2, 2, NaN, NaN]) cell.set(value);
  expect(heard).toEqual([2, NaN]);
});
