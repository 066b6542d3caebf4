import { expect, it } from 'vitest';
import { endedSince, endWords, goingAfter, type EndWords, type Going } from '../../src/domain/ending';
import type { Run, RunState } from '../../src/domain/runs/run';

function run(id: string, state: RunState, target = 'far', adopted = false): Run {
  const facts = { stopAsked: false, adopted };
  return { id, name: id, target, folder: `/runs/${id}`, state, facts, attempts: 1 };
}

interface Told {
  readonly ended: readonly string[];
  readonly after: Going;
}

it.each<[string, Going, readonly Run[], Told]>([
  ['one begins', {}, [run('a', 'running')], { ended: [], after: { a: 'far' } }],
  ['one ends', { a: 'far' }, [run('a', 'failed')], { ended: ['a'], after: {} }],
  ['one ended before anybody saw it go', {}, [run('a', 'succeeded')], { ended: [], after: {} }],
  ['one leaves its queue and ends between two looks', { a: 'far' }, [run('a', 'stopped')], { ended: ['a'], after: {} }],
  [
    'a slow host has told nothing yet',
    { a: 'far' },
    [run('b', 'queued', 'here')],
    { ended: [], after: { a: 'far', b: 'here' } },
  ],
  ['its folder was removed', { a: 'far' }, [run('b', 'succeeded')], { ended: [], after: {} }],
])('what has ended, and what goes on: %s', (_, before, runs, { ended, after }) => {
  expect(endedSince(before, runs).map(({ id }) => id)).toEqual(ended);
  expect(goingAfter(before, runs)).toEqual(after);
});

it.each<[RunState, boolean, EndWords['weight'] | undefined, RegExp]>([
  ['succeeded', false, 'info', /^a has succeeded/],
  ['stopped', false, 'info', /^a was stopped/],
  ['failed', true, 'error', /^a has failed/],
  ['unknown', false, 'warning', /^a is gone and left no exit status/],
  ['unknown', true, undefined, /^$/],
])('how an end is told: %s (adopted: %s)', (state, adopted, weight, text) => {
  const words = endWords(run('a', state, 'far', adopted));
  expect([words?.weight, words?.text ?? '']).toEqual([weight, expect.stringMatching(text)]);
});
