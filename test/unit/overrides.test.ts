import { expect, it } from 'vitest';
import type { FrameworkId } from '../../src/domain/frameworks/framework';
import { resumedCommand } from '../../src/domain/frameworks/resume';
import { startCommand } from '../../src/domain/frameworks/start';
import { overridden, readOverrides } from '../../src/domain/config/overrides';

const read = (text: string): string => {
  const found = readOverrides(text);
  return 'wrong' in found ? found.wrong : found.map(({ path, value }) => `${path}=${value}`).join(' ');
};

it.each([
  ['', ''],
  ['learning_rate=2e-6 beta=0.01', 'learning_rate=2e-6 beta=0.01'],
  ['--learning-rate 2e-6 --beta=0', 'learning_rate=2e-6 beta=0'],
  ['algorithm.kl_ctrl.kl_coef=0 +data.seed=1', 'algorithm.kl_ctrl.kl_coef=0 data.seed=1'],
  [`run_name="two words" x='a b'`, 'run_name=two words x=a b'],
  ['beta', 'beta has no value: write beta=value.'],
  ['beta=', 'beta has no value: write beta=value.'],
  ['; rm -rf /', '";" is no setting: write name=value.'],
])('overrides are read: %s', (text, expected) => expect(read(text)).toBe(expected));

const script = (framework: FrameworkId, text: string, overrides: string): string => {
  const changes = readOverrides(overrides);
  if ('wrong' in changes) return changes.wrong;
  return overridden(framework, ['bash', '-c', text], changes).slice(2).join(' | ');
};

it.each<[string, FrameworkId, readonly [text: string, overrides: string], string]>([
  ['where it stands', 'trl', ['trl grpo --beta 0.1 --lr "1"\n', 'beta=0'], 'trl grpo --beta 0 --lr "1"\n'],
  [
    'behind the others',
    'trl',
    ['set -ex\ntrl grpo --beta 0.1 \\\n  --lr 1 2>&1 | tee log\n', 'max_steps=5'],
    'set -ex\ntrl grpo --beta 0.1 \\\n  --lr 1 --max_steps 5 2>&1 | tee log\n',
  ],
  [
    'quoted',
    'own',
    ['python3 train.py --name a --x 1', `name="it's two"`],
    `python3 train.py --name 'it'\\''s two' --x 1`,
  ],
  [
    'as an override',
    'verl',
    [
      'python3 -m verl.trainer.main_ppo data.train_batch_size=8 trainer.nnodes=1 $@',
      'data.train_batch_size=16 trainer.total_epochs=1',
    ],
    'python3 -m verl.trainer.main_ppo data.train_batch_size=16 trainer.nnodes=1 trainer.total_epochs=1 $@',
  ],
])('in a script: %s', (_, framework, [text, overrides], expected) =>
  expect(script(framework, text, overrides)).toBe(expected),
);

it('in a plain command, as its framework takes them', () => {
  expect(overridden('trl', ['trl', 'grpo', '--beta', '1'], [{ path: 'beta', value: '2' }])).toEqual([
    'trl',
    'grpo',
    '--beta',
    '2',
  ]);
  expect(overridden('easyr1', ['x', 'config=a.yaml'], [{ path: 'worker.rollout.n', value: '8' }])).toEqual([
    'x',
    'config=a.yaml',
    'worker.rollout.n=8',
  ]);
});

it('a script goes on from its checkpoint by its own text', () => {
  expect(resumedCommand('trl', ['bash', '-c', 'trl grpo --beta 1 --lr 2 | tee log'], '/o/checkpoint-9')).toEqual([
    'bash',
    '-c',
    'trl grpo --beta 1 --lr 2 --resume_from_checkpoint /o/checkpoint-9 | tee log',
  ]);
});

it('the tiny trainer goes on by its own flag, once', () => {
  const text = "exec python3 '/x/python/grpo_lens/tiny' --reward a.py:b --max_steps 6\n";
  const resumed = resumedCommand('own', ['bash', '-c', text], undefined);
  expect(resumed[2]).toBe("exec python3 '/x/python/grpo_lens/tiny' --reward a.py:b --max_steps 6 --resume\n");
  expect(resumedCommand('own', resumed, undefined)).toEqual(resumed);
  expect(resumedCommand('own', ['python3', '-m', 'grpo_lens.tiny'], 'x').at(-1)).toBe('--resume');
  expect(resumedCommand('own', ['python3', 'train.py'], 'x')).toEqual(['python3', 'train.py']);
});

it.each<[FrameworkId, string | undefined]>([
  ['trl', 'trl grpo --config {inputs}/c.yaml'],
  ['swift', 'swift rlhf {inputs}/c.yaml'],
  ['verl', 'python3 -m verl.trainer.main_ppo --config-path {inputs} --config-name c'],
  ['easyr1', 'python3 -m verl.trainer.main config={inputs}/c.yaml'],
  ['own', undefined],
])('%s is started from a file', (framework, expected) =>
  expect(startCommand(framework, '{inputs}', 'c.yaml')?.join(' ')).toBe(expected),
);
