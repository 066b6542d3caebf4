import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advisories, firstVerdict } from '../../src/domain/runs/advisory';
import type { Need } from '../../src/domain/runs/causes';
import { diagnose, endsInError, type Diagnosis } from '../../src/domain/runs/diagnosis';
import type { FrameworkId } from '../../src/domain/frameworks/framework';
import { frameworkOfLog, settingsFor } from '../../src/domain/frameworks/mend';
import type { Series } from '../../src/domain/runs/metric';
import { phaseOf } from '../../src/domain/runs/phase';

function recording(name: string): string {
  return readFileSync(`test/recordings/${name}`, 'utf8').slice(-32_768);
}

describe('what went wrong', () => {
  it.each<[string, number, Partial<Diagnosis>]>([
    [
      'faults/oom.log',
      1,
      {
        cause: 'gpu-memory',
        title: 'The GPU memory ran out: 16.00 MiB were asked for, 13.12 MiB of 139.80 GiB were free.',
      },
    ],
    [
      'faults/indivisible.log',
      1,
      {
        cause: 'indivisible',
        title:
          'The batch does not fit the groups: generation_batch_size (128) must be divisible by num_generations (7).',
        place: { path: 'train_grpo.py', line: 132 },
      },
    ],
    [
      'faults/reward-error.log',
      1,
      {
        cause: 'reward-error',
        title: "The reward raised KeyError: 'acuracy'.",
        place: { path: 'train_grpo.py', line: 34 },
      },
    ],
    [
      'faults/killed.log',
      137,
      { cause: 'killed', title: 'It was killed from outside (SIGKILL), and nobody asked for it.' },
    ],
    ['crashed/stdout.log', 1, { cause: 'nan-probabilities' }],
  ])('%s, exit %d', (name, exit, expected) => {
    expect(diagnose(recording(name), { exit })).toMatchObject(expected);
  });

  it.each([
    ['stopped', recording('stopped-resumed/attempts/1/log.txt'), { exit: 143 }],
    ['succeeded', recording('stopped-resumed/attempts/2/log.txt'), { exit: 0 }],
    ['killed because we asked', recording('faults/killed.log'), { exit: 137, stopAsked: true }],
    ['goes on', recording('faults/killed.log'), {}],
  ])('nothing to say of a run that was %s', (_what, tail, ending) => {
    expect(diagnose(tail, ending)).toBeUndefined();
  });

  // Lines made up in the form of the libraries' own messages: vLLM 0.11, torch 2.8, Hydra 1.3, transformers 4.57.
  it.each([
    ['ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`', 'rollout-memory'],
    [
      "ValueError: The model's max seq len (32768) is larger than the maximum number of tokens that can be stored",
      'rollout-length',
    ],
    ['[rank1]:[E1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=12, OpType=ALLGATHER)', 'nccl'],
    ['OSError: [Errno 98] error while attempting to bind on address: Address already in use', 'port-in-use'],
    ["ModuleNotFoundError: No module named 'math_verify'", 'missing-module'],
    ['OSError: [Errno 28] No space left on device', 'disk-full'],
    [
      'ValueError: Some specified arguments are not used by the HfArgumentParser: ["--num_generation", "8"]',
      'unknown-parameter',
    ],
    ['RuntimeError: No CUDA GPUs are available', 'no-gpu'],
    ['torch.AcceleratorError: CUDA error: device-side assert triggered', 'device-assert'],
    [
      'ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).',
      'shared-memory',
    ],
  ])('%s', (line, cause) => {
    const found = diagnose(`Traceback (most recent call last):\n  File "a.py", line 3, in f\n${line}\n`, { exit: 1 });
    expect(found?.cause).toBe(cause);
  });

  it('an exception that nobody knows is told as it stands, with its place', () => {
    const tail = 'Traceback (most recent call last):\n  File "/home/me/x.py", line 7, in f\nfoo.BarError: odd\n';
    expect(diagnose(tail, { exit: 1 })).toMatchObject({
      cause: 'exception',
      title: 'It ended with foo.BarError: odd',
      place: { path: '/home/me/x.py', line: 7 },
    });
  });

  it.each([
    ['crashed/stdout.log', true],
    ['faults/reward-error.log', true],
    ['faults/killed.log', false],
    ['stopped-resumed/attempts/2/log.txt', false],
  ])('%s ends in an error: %s', (name, expected) => {
    expect(endsInError(recording(name))).toBe(expected);
  });
});

describe('settings that mend', () => {
  const needs: Need[] = [
    'smallerMicroBatch',
    'shorterCompletions',
    'checkpointing',
    'offload',
    'rolloutMemory',
    'rolloutLength',
    'lowerLearningRate',
    'clipGradients',
    'groupSize',
    'batchSize',
    'timeout',
    'port',
    'hostMemory',
  ];

  it.each<FrameworkId>(['trl', 'swift', 'verl', 'easyr1'])('%s knows each parameter that is named', (framework) => {
    const catalogue = readFileSync(`src/domain/frameworks/catalogue/${framework}.json`, 'utf8');
    const unknown = settingsFor(needs, framework).filter((name) => !catalogue.includes(`"${name}"`));
    expect(unknown).toEqual([]);
  });

  it('a log tells whose it is', () => {
    expect(frameworkOfLog(recording('faults/reward-error.log'))).toBe('trl');
    expect(frameworkOfLog('[INFO:swift] output_dir: /x')).toBe('swift');
    expect(frameworkOfLog('(TaskRunner pid=7) step:1 - actor/lr:0.1')).toBe('verl');
    expect(frameworkOfLog('(Runner pid=7) Step 1')).toBe('easyr1');
    expect(frameworkOfLog('hello')).toBeUndefined();
  });
});

function curves(columns: Record<string, number[]>): (name: string) => Series | undefined {
  return (name) => {
    const values = columns[name];
    return values && { name, steps: values.map((_, at) => at + 1), values };
  };
}

const ten = (value: number): number[] => Array.from({ length: 10 }, () => value);

describe('advisories', () => {
  it.each<[string, Record<string, number[]>, string[]]>([
    ['nothing yet', { reward: [0, 0] }, []],
    ['a constant reward', { reward: ten(0), reward_std: ten(0) }, ['constant-reward']],
    ['the same mean of differing rewards is no constant reward', { reward: ten(0.5), reward_std: ten(0.4) }, []],
    ['groups without signal', { frac_reward_zero_std: ten(0.6) }, ['without-signal']],
    ['half of the groups are still enough', { frac_reward_zero_std: ten(0.5) }, []],
    ['truncated', { 'completions/clipped_ratio': ten(0.3) }, ['truncated']],
    ['nan gradient', { grad_norm: [0.1, NaN, 0.2] }, ['nan-gradient']],
    ['entropy gone', { entropy: [...ten(1), ...ten(0.01)] }, ['entropy-collapsed']],
  ])('%s', (_what, columns, ids) => {
    expect(advisories(curves(columns)).map(({ id }) => id)).toEqual(ids);
  });

  it('the first step is judged; what was not recorded is unknown', () => {
    const whole = curves({ reward: [0.90625], frac_reward_zero_std: [0.25], 'completions/clipped_ratio': [0] });
    expect(firstVerdict(whole)).toBe(
      'Step 1: samples arrive, reward 0.906, 25 % of groups without signal, 0 % truncated.',
    );
    expect(firstVerdict(curves({ reward: [1] }))).toContain('truncation unknown');
    expect(firstVerdict(curves({}))).toBeUndefined();
  });
});

describe('phases', () => {
  it.each([
    ['Loading weights:  50%|5 | 7/14', 'loading the weights'],
    ['Map: 10%|1 | 1/9', 'loading data'],
    ['INFO 11-20 vllm.engine: Capturing CUDA graphs', 'starting the rollout engine'],
    ['\r  0%|          | 0/220 [00:00<?, ?it/s]', 'first rollout'],
    ['hello', 'starting'],
  ] as const)('%s: %s', (text, phase) => {
    expect(phaseOf(text)).toBe(phase);
  });

  it('only goes forward', () => {
    expect(phaseOf('Map: 10%|1 | 1/9', 'loading the weights')).toBe('loading the weights');
  });
});
