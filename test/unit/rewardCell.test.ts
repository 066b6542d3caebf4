import { expect, it } from 'vitest';
import { cellSource, isRewardCell } from '../../src/domain/rewardCell';

function check(text: string, earlier: readonly string[], expected: string): void {
  expect(cellSource(text, earlier), text).toBe(expected);
}

it('a %%reward cell is a file of its own, with the imports of the cells before it and its lines where they were', () => {
  check('%%reward\ndef f(): pass', [], '\ndef f(): pass');
  check(
    '%%reward ../output\ndef f(): pass',
    ['import re  # patterns\nx = 1\nfrom a.b import c', 'import re\n  import late\nfrom d import (\n  e)'],
    'import re; from a.b import c\ndef f(): pass',
  );
  check('def f(): pass\n%%reward', ['import re'], 'def f(): pass\n%%reward');
});

it('only the first line makes a reward cell', () => {
  expect(['%%reward', '%%reward x\n', ' %%reward'].map(isRewardCell)).toEqual([true, true, true]);
  expect(['%%rewards', 'x\n%%reward', '# %%reward'].map(isRewardCell)).toEqual([false, false, false]);
});
