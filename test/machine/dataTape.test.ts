import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DataForm, DataRecord } from '../../src/domain/dataset/dataset';
import { easyr1Dataset } from '../../src/domain/frameworks/easyr1/dataset';
import { dataForms } from '../../src/domain/frameworks/datasets';
import { AsideFile } from '../../src/machine/data/asideFile';
import { declaredColumns, type Types } from '../../src/machine/data/columns';
import { recordByRecord, type Done, type Job } from '../../src/machine/data/convertJob';
import { onTape } from '../../src/machine/data/onTape';
import { readRecords } from '../../src/machine/data/records';
import { anyRecord, pick } from '../support/dataRecords';
import { dice, type Dice } from '../support/dice';
import { thorough } from '../support/thorough';
import { NASTY_LINES, nastyJson } from '../support/nastyJson';

/** Ten thousand of them each way take minutes: `npm run test:long`. */
const COUNT = Number(process.env['GRPO_LENS_RECORDS'] ?? (thorough ? 60 : 30));
const EACH = 60;
const NO_TYPES: Types = { columns: {}, media: {} };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tape-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** `byPath`: media only by their paths, as in most files; else paths and bytes are mixed, which parquet must hold as records. */
function record(roll: Dice, byPath: boolean): DataRecord {
  const made = anyRecord(roll);
  return byPath
    ? {
        ...made,
        images: made.images.flatMap(({ path }) => (path === undefined ? [] : [{ path }])),
        videos: [],
        audios: [],
      }
    : made;
}

function lines(roll: Dice, form: DataForm, count: number, byPath: boolean): Uint8Array {
  const ends = ['\n', '\n', '\r\n'];
  const made = Array.from({ length: count }, () => {
    const line =
      roll(8) === 0 ? pick(roll, NASTY_LINES) : nastyJson(form.write(form.hold(record(roll, byPath)).record), roll);
    return Buffer.concat([Buffer.from(line), Buffer.from(pick(roll, ends))]);
  });
  return new Uint8Array(Buffer.concat(made));
}

async function rowsOf(name: string, { encoded }: Done, types: Types): Promise<unknown[]> {
  const file = await AsideFile.open(join(folder, name));
  if (encoded) await file.add(encoded);
  await file.finish(declaredColumns(types));
  const rows = [];
  for await (const { record, bad } of readRecords(join(folder, name))) rows.push(record ?? bad);
  return rows;
}

async function same(job: Job): Promise<Done> {
  const [fast, slow] = [await onTape(job), await recordByRecord(job)];
  if (!fast) throw new Error('It was not done on the tape.');
  const { encoded: quick, ...told } = fast;
  const { encoded: ordinary, ...truth } = slow;
  expect(told).toEqual({ ...truth, lost: expect.arrayContaining([...truth.lost]) as unknown });
  expect(quick?.rows).toBe(ordinary?.rows);
  if (job.output !== 'parquet') expect(textOf(quick?.bytes)).toBe(textOf(ordinary?.bytes));
  else if (quick && ordinary)
    expect(await rowsOf('fast.parquet', fast, job.types)).toEqual(await rowsOf('slow.parquet', slow, job.types));
  return fast;
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

/** What the job writes, read as rows and brought back. */
async function backAgain(job: Job, from: DataForm): Promise<void> {
  const done = await recordByRecord(job);
  if (done.good === 0) return;
  await rowsOf('there.parquet', done, job.types);
  const stretch = { kind: 'rows', file: join(folder, 'there.parquet'), from: 0, to: done.good } as const;
  const back = { from: job.to, to: from.id, stretch, types: NO_TYPES };
  await same({ ...back, output: 'jsonl' });
  const { types = NO_TYPES } = await recordByRecord({ ...back, output: 'parquet', dry: true });
  const asParquet = { ...back, output: 'parquet', types } as const;
  if (await onTape(asParquet)) await same(asParquet);
}

const pairs = dataForms.flatMap((from) => dataForms.map((to) => [from.name, to.name, from, to] as const));

test.each(pairs)(
  `${COUNT} records from %s to %s: the same bytes, losses and complaints as by objects`,
  async (_, __, from, to) => {
    const roll = dice(from.name.length * 911 + to.name.length);
    for (let done = 0; done < COUNT; done += EACH) {
      const folders = pick(roll, [{}, { mediaFolder: '/data' }, { solution: 'answer' }]);
      const stretch = { kind: 'lines', bytes: lines(roll, from, EACH, roll(3) > 0) } as const;
      const job = { from: from.id, to: to.id, stretch, types: NO_TYPES, ...folders };
      await same({ ...job, output: pick(roll, ['jsonl', 'json']) });
      const { types = NO_TYPES } = await recordByRecord({ ...job, output: 'parquet', dry: true });
      const asParquet = { ...job, output: 'parquet', types } as const;
      if (await onTape(asParquet)) await same(asParquet);
      await backAgain(asParquet, from);
    }
  },
);

test('a usual record is brought into another form without being read', async () => {
  const record = { prompt: '<image>How many?', answer: '3', images: ['a.png'], id: 7 };
  const stretch = { kind: 'lines', bytes: new TextEncoder().encode(`${JSON.stringify(record)}\n`.repeat(3)) } as const;
  const read = vi.spyOn(easyr1Dataset, 'read');
  await onTape({ from: 'easyr1', to: 'swift', output: 'jsonl', types: NO_TYPES, stretch });
  expect(read).toHaveBeenCalledTimes(1);
  read.mockRestore();
  const done = await same({ from: 'easyr1', to: 'swift', output: 'jsonl', types: NO_TYPES, stretch });
  expect(textOf(done.encoded?.bytes).split('\n')[0]).toBe(
    '{"messages":[{"role":"user","content":"<image>How many?"}],"images":["a.png"],"solution":"3","id":7}',
  );
});

test('keys in another order, at the places where others stood in the stretch before, are still themselves', async () => {
  const parts = ['{"aa":1,"bb":2}', '{"bb":3,"aa":4}'];
  const meta = { kind: 'record', fields: { aa: { kind: 'integer' }, bb: { kind: 'integer' } } } as const;
  const types = { columns: { prompt: { kind: 'text' }, answer: { kind: 'text' }, meta }, media: {} } as const;
  for (const part of parts) {
    const bytes = new TextEncoder().encode(`{"prompt":"a","answer":"b","meta":${part}}\n`);
    const done = await same({
      from: 'easyr1',
      to: 'easyr1',
      output: 'parquet',
      types,
      stretch: { kind: 'lines', bytes },
    });
    expect(await rowsOf('keys.parquet', done, types)).toEqual([
      { prompt: 'a', answer: 'b', meta: JSON.parse(part) as unknown },
    ]);
  }
});

test('a value of another type than its column is told by nothing at all', async () => {
  const bytes = new TextEncoder().encode('{"prompt":"a","answer":7}\n');
  const columns = { prompt: { kind: 'text' }, answer: { kind: 'text' } } as const;
  const job = { from: 'easyr1', to: 'easyr1', output: 'parquet', stretch: { kind: 'lines', bytes } } as const;
  expect(await onTape({ ...job, types: { columns, media: {} } })).toBe(undefined);
});
