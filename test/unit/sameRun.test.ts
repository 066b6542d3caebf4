import { expect, it } from 'vitest';
import type { Launch } from '../../src/domain/runs/launch';
import type { Run } from '../../src/domain/runs/run';
import { onceEach } from '../../src/domain/runs/sameRun';

const run = (target: string, state: Run['state'], { createdAt = 1, startedOn = 'gpu1', id = 'a' } = {}): Run => ({
  id,
  name: 'count',
  target,
  folder: '/home/me/.grpo-lens/runs/a',
  launch: { target: startedOn, createdAt } as Launch,
  state,
  facts: { stopAsked: false, adopted: false },
  attempts: 1,
});

it.each<[string, readonly Run[], readonly string[]]>([
  [
    'told by the machine that it is on, and over a shared home',
    [run('gpu2', 'unknown'), run('gpu1', 'running')],
    ['gpu1'],
  ],
  ['this machine is also the host', [run('here', 'running'), run('gpu1', 'running')], ['gpu1']],
  [
    'its own target is known by another name here',
    [run('here', 'failed', { startedOn: 'x' }), run('b', 'failed', { startedOn: 'x' })],
    ['here'],
  ],
  ['nobody knows how it fares', [run('here', 'unknown'), run('gpu2', 'unknown')], ['here']],
  ['started on another host, which sees it', [run('gpu1', 'unknown'), run('gpu2', 'running')], ['gpu2']],
  ['one id, given twice', [run('gpu1', 'running'), run('gpu2', 'running', { createdAt: 2 })], ['gpu1', 'gpu2']],
  ['two runs', [run('gpu1', 'running'), run('gpu1', 'failed', { id: 'b' })], ['gpu1', 'gpu1']],
])('%s', (_name, told, expected) => {
  expect(onceEach(told).map(({ target }) => target)).toEqual(expected);
});
