import { expect, it } from 'vitest';
import {
  assigns,
  cellSource,
  definesName,
  isRewardCell,
  isShellCell,
  rewardWords,
  shellLines,
} from '../../src/domain/rewards/rewardCell';

function check(text: string, earlier: readonly string[], expected: string): void {
  expect(cellSource(text, earlier), text).toBe(expected);
}

const MARK = '# %% cell before (GRPO Lens)';

it('a cell is a file of its own: its lines where they were, then the Python cells before it below marks', () => {
  check('%%reward\ndef f(): pass', [], `# %%reward\ndef f(): pass\n${MARK}\n`);
  check(
    '%%reward ../output\ndef f(): pass',
    ['import re', '%%bash\nls', 'x = 1'],
    `# %%reward ../output\ndef f(): pass\n${MARK}\nimport re\n${MARK}\nx = 1`,
  );
  check('def f(): pass\n%matplotlib inline', [], `def f(): pass\n#matplotlib inline\n${MARK}\n`);
  check('if x:\n  !pip install y\n  y = (7\n% 4)', [], `if x:\n  #pip install y\n  y = (7\n% 4)\n${MARK}\n`);
});

it('cells of a shell are known in a notebook of Python, and so are single commands', () => {
  const shell = ['%%bash', '%%sh\nls', '%%launch --name x\nls', '%%script bash\nls'];
  expect(shell.map(isShellCell)).toEqual(shell.map(() => true));
  expect(['%%script python\nx', '# %%bash', '%%reward', '%%bashful'].map(isShellCell)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(shellLines('x = 1')).toBeUndefined();
  expect(shellLines('x = 1\n!swift rlhf \\\n  --beta 0\ny')).toBe('     \n swift rlhf \\\n  --beta 0\n ');
});

it('a cell is found by what it defines', () => {
  expect(definesName('import x\nasync def f(a):', 'f')).toBe(true);
  expect(definesName('class R(ORM):\n  def g(self)', 'R')).toBe(true);
  expect(definesName('def ff(): f()', 'f')).toBe(false);
});

it('only the first line makes a reward cell', () => {
  expect(['%%reward', '%%reward x\n', ' %%reward'].map(isRewardCell)).toEqual([true, true, true]);
  expect(['%%rewards', 'x\n%%reward', '# %%reward'].map(isRewardCell)).toEqual([false, false, false]);
});

it('what stands behind %%reward names its samples; a variable counts where it is set at the top', () => {
  expect(['%%reward', '%%reward  a b \nx', ' %%reward x', '%%rewards', 'x\n%%reward y'].map(rewardWords)).toEqual([
    '',
    'a b',
    'x',
    undefined,
    undefined,
  ]);
  const set = ['samples = []', 'x\nsamples=1', 'samples == 1', '  samples = 1', 'samples2 = 1', ''];
  expect(set.map((text) => assigns(text, 'samples'))).toEqual([true, true, false, false, false, false]);
});
