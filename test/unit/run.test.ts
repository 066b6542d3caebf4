import { expect, it } from 'vitest';
import { stateOf, type ProcessMark, type RunFacts } from '../../src/domain/runs/run';

const mark: ProcessMark = { pid: 42, start: '1000', boot: 'a' };
const base: RunFacts = { stopAsked: false, adopted: false, marks: [mark] };

it.each<[string, Partial<RunFacts>, string]>([
  ['its process is there', { seen: [mark] }, 'running'],
  ['the pid was given to another', { seen: [{ ...mark, start: '2000' }] }, 'unknown'],
  ['the machine was started again', { seen: [{ ...mark, boot: 'b' }] }, 'unknown'],
  ['no process and no exit', { seen: [{ ...mark, start: '' }] }, 'unknown'],
  [
    'a mark without a start is never believed',
    { marks: [{ ...mark, start: '' }], seen: [{ ...mark, start: '' }] },
    'unknown',
  ],
  [
    'the watcher died and the program goes on',
    { marks: [mark, { ...mark, pid: 43 }], seen: [{ ...mark, pid: 43 }] },
    'running',
  ],
  ['exit 0', { exit: 0 }, 'succeeded'],
  ['exit 0 beside a living process', { exit: 0, seen: [mark] }, 'succeeded'],
  ['exit 1', { exit: 1 }, 'failed'],
  ['terminated', { exit: 143 }, 'stopped'],
  ['killed by someone', { exit: 137 }, 'failed'],
  ['killed since we were asked', { exit: 137, stopAsked: true }, 'stopped'],
  ['asked to stop, went well nevertheless', { exit: 0, stopAsked: true }, 'succeeded'],
  ['waits in a queue', { scheduler: { state: 'queued' } }, 'queued'],
  ['told to stop while it waits', { stopAsked: true, scheduler: { state: 'queued' } }, 'stopped'],
  ['runs on another machine, says its scheduler', { scheduler: { state: 'running' }, seen: [] }, 'running'],
  ['its time was up, it ended by itself on the signal', { exit: 143, scheduler: { state: 'cut' } }, 'failed'],
  ['its time was up, it wrote nothing any more', { scheduler: { state: 'cut' } }, 'failed'],
  ['stopped by us, the scheduler had to help', { stopAsked: true, scheduler: { state: 'cut' } }, 'stopped'],
  ['cancelled in its queue', { scheduler: { state: 'stopped' } }, 'stopped'],
  ['cancelled while it ran', { exit: 137, scheduler: { state: 'stopped' } }, 'stopped'],
  ['its scheduler does not answer', { scheduler: { state: 'silent' } }, 'unknown'],
  ['its scheduler has forgotten it', { scheduler: { state: 'gone' } }, 'unknown'],
  ['its exit is known, its scheduler is slow', { exit: 0, scheduler: { state: 'running' } }, 'succeeded'],
  ['adopted and growing', { adopted: true, marks: [], quietSeconds: 3 }, 'running'],
  ['adopted and quiet', { adopted: true, marks: [], quietSeconds: 3600 }, 'unknown'],
  ['adopted, its files are of the future', { adopted: true, marks: [] }, 'unknown'],
  ['adopted and finished', { adopted: true, marks: [], quietSeconds: 3600, finished: true }, 'succeeded'],
])('%s', (_, facts, state) => {
  expect(stateOf({ ...base, ...facts })).toBe(state);
});
