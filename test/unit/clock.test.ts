import { expect, it } from 'vitest';
import { clockOf } from '../../src/domain/runs/clock';

const STEPS = 200_000;

it('a run of very many steps has its clock, too', () => {
  const steps = Array.from({ length: STEPS }, (_, at) => at + 1);
  const clock = clockOf(steps, new Map(steps.map((step) => [step, 1000 + step * 2])), undefined);
  expect([clock?.[0], clock?.at(-1)]).toEqual([0, (STEPS - 1) * 2]);
});

it('without moments it adds up what the steps took, and a step between two lasts as long as the one before', () => {
  const took = { steps: [1, 2, 4], values: [3, 5, 7] };
  expect(clockOf([1, 2, 3, 4], new Map(), { name: 'step_time', ...took })).toEqual([3, 8, 13, 20]);
});
