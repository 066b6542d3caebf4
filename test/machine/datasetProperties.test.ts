import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { DataForm, DataRecord } from '../../src/domain/dataset/dataset';
import { dataForms } from '../../src/domain/frameworks/datasets';
import { anyRecord } from '../support/dataRecords';
import { dice } from '../support/dice';

/** Ten thousand of them each way take a minute: `npm run test:long`. */
const COUNT = Number(process.env['GRPO_LENS_RECORDS'] ?? 500);

/** The record that a form reads from what it wrote. */
function again(form: DataForm, record: DataRecord): DataRecord | string {
  return form.read(form.write(record));
}

/** Says what differs only where something does: comparing is what takes the time here. */
function equal(a: unknown, b: unknown, about: unknown): void {
  if (!isDeepStrictEqual(a, b)) expect(a, JSON.stringify(about)).toStrictEqual(b);
}

/** Without the tags that a form puts before a prompt for media that the text did not mention. */
function untagged(record: DataRecord): DataRecord {
  const messages = record.messages.map((turn) => ({ ...turn, content: turn.content.replace(/^(<\w+>)+/, '') }));
  return { ...record, messages };
}

describe.each(dataForms.map((form) => [form.name, form] as const))('%s', (_, form) => {
  test(`${COUNT} made records come back as they were held, and are held whole again`, () => {
    const roll = dice(form.name.length * 7919);
    for (let number = 0; number < COUNT; number++) {
      const { record } = form.hold(anyRecord(roll));
      equal(again(form, record), record, form.write(record));
      equal(form.hold(record), { record, lost: [] }, record);
    }
  });

  test('a record of which nothing is said to be lost is held whole', () => {
    const roll = dice(form.name.length * 104729);
    let whole = 0;
    for (let number = 0; number < COUNT; number++) {
      const made = anyRecord(roll);
      const { record, lost } = form.hold(made);
      if (lost.length > 0) continue;
      whole += 1;
      equal(untagged(record), untagged(made), made);
    }
    expect(whole).toBeGreaterThan(COUNT / 500);
  });

  for (const other of dataForms.filter((one) => one !== form)) {
    test(`to ${other.name} and back: ${COUNT} records equal within what both can hold`, () => {
      const roll = dice(form.name.length * 31 + other.name.length);
      for (let number = 0; number < COUNT; number++) {
        const here = form.hold(anyRecord(roll)).record;
        const there = again(other, other.hold(here).record);
        if (typeof there === 'string') throw new Error(there);
        const back = form.hold(there).record;
        equal(again(form, back), back, there);
        equal(back, form.hold(other.hold(here).record).record, here);
      }
    });
  }
});
