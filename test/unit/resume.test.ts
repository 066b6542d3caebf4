import { expect, it } from 'vitest';
import { frameworkOf } from '../../src/domain/frameworks/command';
import type { FrameworkId } from '../../src/domain/frameworks/framework';
import { resumedCommand } from '../../src/domain/frameworks/resume';
import { sparkline } from '../../src/domain/runs/sparkline';

it.each<[FrameworkId, string, string | undefined, string]>([
  [
    'swift',
    'swift rlhf --rlhf_type grpo',
    '/o/checkpoint-9',
    'swift rlhf --rlhf_type grpo --resume_from_checkpoint /o/checkpoint-9',
  ],
  ['swift', 'swift rlhf --resume_from_checkpoint a --x 1', 'b', 'swift rlhf --x 1 --resume_from_checkpoint b'],
  ['swift', 'swift rlhf --resume-from-checkpoint=a --x 1', 'b', 'swift rlhf --x 1 --resume_from_checkpoint b'],
  ['swift', 'swift rlhf --resume_from_checkpoint -1 --x 1', 'b', 'swift rlhf --x 1 --resume_from_checkpoint b'],
  ['swift', 'swift rlhf --resume_from_checkpoint a b c --x 1', 'b', 'swift rlhf --x 1 --resume_from_checkpoint b'],
  [
    'swift',
    'torchrun --resume_from_checkpoint a swift/cli/rlhf.py --x 1',
    'b',
    'torchrun swift/cli/rlhf.py --x 1 --resume_from_checkpoint b',
  ],
  ['trl', 'trl grpo --config c.yaml', undefined, 'trl grpo --config c.yaml'],
  [
    'verl',
    'python3 -m verl.trainer.main_ppo trainer.resume_mode=disable',
    'x',
    'python3 -m verl.trainer.main_ppo trainer.resume_mode=auto',
  ],
  [
    'easyr1',
    'python3 -m verl.trainer.main config=c.yaml',
    '/o/global_step_5',
    'python3 -m verl.trainer.main config=c.yaml trainer.load_checkpoint_path=/o/global_step_5',
  ],
  [
    'easyr1',
    'python3 -m verl.trainer.main',
    undefined,
    'python3 -m verl.trainer.main trainer.find_last_checkpoint=true',
  ],
  ['own', './train.sh', 'x', './train.sh'],
])('%s goes on: %s', (framework, command, checkpoint, expected) => {
  expect(resumedCommand(framework, command.split(' '), checkpoint).join(' ')).toBe(expected);
});

it.each<[string, FrameworkId]>([
  ['swift rlhf --rlhf_type grpo', 'swift'],
  ['/opt/venv/bin/swift rlhf x.yaml', 'swift'],
  ['python3 -m verl.trainer.main_ppo a.b=c', 'verl'],
  ['python3 -m verl.trainer.main config=x', 'easyr1'],
  ['trl grpo --config x', 'trl'],
  ['accelerate launch x.py', 'own'],
  ['./train.sh', 'own'],
  ['true', 'own'],
])('%s starts %s', (command, framework) => {
  expect(frameworkOf(command.split(' '))).toBe(framework);
});

it.each([
  [[1, 2, 3, 4, 5, 6, 7, 8], 8, '▁▂▃▄▅▆▇█'],
  [[1, 1, 1], 30, '▄▄▄'],
  [[], 30, ''],
  [[NaN, 0, 1], 30, '▁█'],
  [[0, 0, 10, 10], 2, '▁█'],
])('draws %j in %i', (values, width, line) => {
  expect(sparkline(values, width)).toBe(line);
});
