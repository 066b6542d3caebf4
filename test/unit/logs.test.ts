import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LogReader, type Point } from '../../src/domain/frameworks/logs';

/** All points of a log, rows of one step merged, as a table by step. */
function read(text: string): Map<number, Record<string, number>> {
  const reader = new LogReader();
  const lines = text.split('\n');
  const partial = lines.pop() ?? '';
  const points: Point[] = [...lines.flatMap((line) => reader.read(line)), ...reader.rest(partial)];
  const table = new Map<number, Record<string, number>>();
  for (const { step, values } of points) table.set(step, { ...table.get(step), ...values });
  return table;
}

/** The number with the digits that the line printed: transformers 5 prints `f"{v:.4g}"`, where ties go to the even digit. */
function printed(value: number): number {
  const [digits = '', power = '0'] = value.toExponential(20).split('e');
  const tie = /^(-?\d\.\d\d(\d))50*$/.exec(digits);
  if (!tie) return Number(value.toPrecision(4));
  return Number(tie[2]) % 2 === 0 ? Number(`${tie[1]}e${power}`) : Number(value.toPrecision(4));
}

function stateOf(run: string): Map<number, Record<string, number>> {
  const state = JSON.parse(readFileSync(`examples/${run}/output/trainer_state.json`, 'utf8')) as {
    log_history: Record<string, number>[];
  };
  const table = new Map<number, Record<string, number>>();
  // `total_flos` is taken out before printing (transformers:src/transformers/trainer_callback.py, ProgressCallback.on_log).
  for (const { step = NaN, total_flos: _never, ...values } of state.log_history) {
    const rounded = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, printed(value)]));
    table.set(step, { ...table.get(step), ...rounded });
  }
  return table;
}

describe('the recorded runs', () => {
  it.each([
    ['trl-count', 220],
    ['trl-vl-count', 110],
  ])('%s: its output alone gives every step and metric of trainer_state.json', (run, steps) => {
    const points = read(readFileSync(`examples/${run}/output/stdout.log`, 'utf8'));
    const state = stateOf(run);
    expect(state.size).toBe(steps);
    expect([...points.keys()]).toEqual([...state.keys()]);
    for (const [step, values] of state) expect(points.get(step)).toEqual(values);
  });
});
