import { expect, it } from 'vitest';
import { metRows, type Met } from '../../src/machine/runs/met';

const met = (...names: readonly string[]): Met =>
  ({
    host: 'vm',
    gpus: names.map((name, index) => ({ index, name })),
    packages: {},
    sources: [],
    from: [],
    environment: [],
  }) as unknown as Met;

it.each<[readonly string[], string]>([
  [[], 'vm'],
  [['NVIDIA H200'], 'vm, NVIDIA H200'],
  [['NVIDIA H200', 'NVIDIA H200'], 'vm, 2 × NVIDIA H200'],
  [['A', 'B', 'A'], 'vm, 2 × A, B'],
])('says how many GPUs of each kind a host had: %j', (names, expected) => {
  expect(Object.fromEntries(metRows(met(...names))).host).toBe(expected);
});
