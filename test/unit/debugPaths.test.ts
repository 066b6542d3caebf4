import { expect, it } from 'vitest';
import { replaceSources } from '../../src/domain/rewards/debugPaths';

it('breakpoints go to the file that stands for a cell, and frames come back to the cell', () => {
  const breakpoints = {
    command: 'setBreakpoints',
    arguments: { source: { path: 'cell:1' }, breakpoints: [{ line: 2 }] },
  };
  replaceSources(breakpoints, 'cell:1', '/tmp/cell.py');
  expect(breakpoints.arguments).toEqual({ source: { path: '/tmp/cell.py' }, breakpoints: [{ line: 2 }] });
  const stack = {
    body: { stackFrames: [{ source: { path: '/tmp/cell.py' } }, { source: { path: '/other.py' } }, {}] },
  };
  replaceSources(stack, '/tmp/cell.py', 'cell:1');
  expect(stack.body.stackFrames).toEqual([{ source: { path: 'cell:1' } }, { source: { path: '/other.py' } }, {}]);
  expect(() => replaceSources(null, 'a', 'b')).not.toThrow();
});
