import { expect, it } from 'vitest';
import { wrongResource } from '../../src/domain/runs/resources';
import { wordOf, type SchedulerFacts } from '../../src/domain/runs/scheduled';

const job: SchedulerFacts = { name: 'slurm', job: '77', state: 'ended', word: '', why: '' };

it.each<[Partial<SchedulerFacts>, string, string?]>([
  [{ state: 'queued', why: 'Resources' }, 'queued', 'Slurm job 77 waits for free resources'],
  [{ state: 'queued', why: 'QOSGrpCpuLimit' }, 'queued', 'Slurm job 77 waits (QOSGrpCpuLimit)'],
  [{ state: 'queued' }, 'queued', 'Slurm job 77 waits for its turn'],
  [{ state: 'running' }, 'running'],
  [{ word: 'COMPLETED' }, 'succeeded'],
  [{ word: 'FAILED', why: 'NonZeroExitCode' }, 'failed'],
  [{ word: 'TIMEOUT', why: 'TimeLimit' }, 'cut', 'Slurm ended it: its time limit was reached'],
  [{ word: 'PREEMPTED' }, 'cut', 'Slurm ended it: a job of higher priority took its place'],
  [{ word: 'OUT_OF_MEMORY' }, 'cut', 'Slurm ended it: it used more memory than it had asked for'],
  [{ word: 'NODE_FAIL' }, 'cut', 'the node failed'],
  [{ word: 'CANCELLED' }, 'stopped', 'cancelled in Slurm'],
  [{ word: 'A_NEW_WORD' }, 'gone'],
  [{ state: 'gone' }, 'gone', 'Slurm job 77 is not known any more'],
  [{ state: 'gone', job: null }, 'gone', 'it was never handed to Slurm'],
  [{ state: null, why: 'Slurm does not answer.' }, 'silent', 'Slurm does not answer.'],
  [{ name: 'ray', word: 'FAILED', why: 'no such file' }, 'failed', 'Ray says: no such file'],
  [{ name: 'ray', word: 'STOPPED' }, 'stopped', 'stopped in Ray'],
])('%j is %s', (facts, state, says) => {
  expect(wordOf({ ...job, ...facts })).toEqual({ state, ...(says === undefined ? {} : { says }) });
});

it('takes what schedulers understand', () => {
  const all = {
    partition: 'gpu-h200',
    nodes: 2,
    gpus: 'h200:8',
    memory: '64G',
    time: '1-12:00:00',
    more: ['--exclusive'],
  };
  expect(wrongResource(all)).toBeUndefined();
});
