import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataForms } from '../../src/domain/frameworks/datasets';
import { runCommand } from '../../src/machine/commands/all';
import { convert, plan, type Conversion } from '../../src/machine/data/convert';
import { readRecords, type Numbered } from '../../src/machine/data/records';
import { dataFolder } from './dataFolder';

let folder = '';
const file = dataFolder((made) => (folder = made));

async function all(path: string): Promise<Numbered[]> {
  const records: Numbered[] = [];
  for await (const record of readRecords(path)) records.push(record);
  return records;
}

function form(id: string): Conversion['to'] {
  const found = dataForms.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
}

/** Records such as the five frameworks are given, with what parquet finds hard: mixed types, gaps, bytes, nesting. */
const RECORDS = [
  {
    messages: [
      { role: 'system', content: 'You count.' },
      { role: 'user', content: '<image>How many? “é中”' },
    ],
    images: ['a.png'],
    solution: '3',
    level: 1,
    mixed: 'text',
    tags: ['a', 'b'],
    meta: { frame_cnts: [15, 11], dynamic: true },
  },
  {
    messages: [{ role: 'user', content: '<image>And here?\nTwo lines' }],
    images: [{ path: 'b.png', bytes: 'AQL/' }],
    solution: '4',
    level: 2.5,
    mixed: 7,
    tags: [],
    meta: { frame_cnts: [], name: 'x' },
    empty: {},
  },
  { messages: [{ role: 'user', content: 'No picture' }], solution: '5', mixed: ['list', null], level: -3 },
];
const LINES = RECORDS.map((record) => JSON.stringify(record)).join('\n');

describe('files of records', () => {
  test('JSONL, JSON and parquet hold the same records', async () => {
    const input = await file('in.jsonl', LINES);
    for (const path of ['out.parquet', 'out.json', 'out.jsonl']) {
      const output = join(folder, path);
      expect(await convert(await plan({ input, output, to: form('swift') }))).toBe(3);
      const back = join(folder, `${path}.jsonl`);
      await convert(await plan({ input: output, output: back, from: form('swift'), to: form('swift') }));
      const records = (await readFile(back, 'utf8')).trim().split('\n');
      expect(records.map((line) => JSON.parse(line) as unknown)).toEqual(RECORDS);
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.each(dataForms.map(({ id }) => [id]))('through parquet in the form of %s and back', async (id) => {
    const input = await file('in.jsonl', LINES);
    const [there, straight, back] = ['there.parquet', 'straight.jsonl', 'back.jsonl'].map((name) => join(folder, name));
    if (!there || !straight || !back) throw new Error();
    await convert(await plan({ input, output: straight, to: form(id) }));
    await convert(await plan({ input, output: there, to: form(id) }));
    await convert(await plan({ input: there, output: back, from: form(id), to: form(id) }));
    const [one, other] = await Promise.all([all(straight), all(back)]);
    expect(other.map(({ record }) => record)).toEqual(one.map(({ record }) => record));
  });

  test('a list that comes in pieces, with brackets and commas in texts', async () => {
    const records = Array.from({ length: 3000 }, (_, index) => ({
      prompt: `[${index}], {"a": "\\"}"} ${'x'.repeat(700)}`,
      answer: [{ deep: [1, [2, ']']] }],
    }));
    const path = await file('in.json', `\uFEFF ${JSON.stringify(records, undefined, 1)}`);
    expect((await all(path)).map(({ record }) => record)).toEqual(records);
  });
});

describe('bad input', () => {
  test.each([
    ['{"prompt":"a"', 'It is no whole JSON object.'],
    ['[1,2]', 'It is a list, not a JSON object.'],
    ['7', 'It is a number, not a JSON object.'],
    ['null', 'It is null, not a JSON object.'],
  ])('the line %s', async (line, why) => {
    const path = await file('in.jsonl', `{"prompt":"ok","answer":"1"}\n\n${line}\n`);
    expect((await all(path))[1]).toEqual({ row: 1, line: 3, bad: why });
  });

  test('a line that is not UTF-8 is refused by itself', async () => {
    const path = await file(
      'in.jsonl',
      Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]),
    );
    expect(await all(path)).toEqual([{ row: 0, line: 1, bad: 'Its bytes are no UTF-8 text.' }]);
  });

  test.each([
    ['in.jsonl', Buffer.from('\uFEFF{"prompt":"a"}', 'utf16le'), 'is written in UTF-16; save it as UTF-8.'],
    ['in.json', Buffer.from('{"prompt":"a"}'), 'it is no JSON list of records; JSON Lines end in .jsonl.'],
    ['in.json', Buffer.from('[{"prompt":"a"},\n{"pro'), 'it ends in the middle of a record (line 2).'],
    ['in.parquet', Buffer.from('PAR1 and nothing else'), 'is no whole parquet file'],
    ['in.csv', Buffer.from('a,b'), 'is neither .jsonl, .json nor .parquet.'],
  ])('%s: %s', async (name, content, sentence) => {
    const path = await file(name, content);
    await expect(all(path)).rejects.toThrow(sentence);
  });

  test('records of another form are left where they are: nothing is written', async () => {
    const input = await file('in.jsonl', '{"prompt":"a","answer":"1"}\n{"conversations":[]}\n');
    const output = join(folder, 'out.jsonl');
    const notes: string[] = [];
    const sink = { print: () => {}, note: (text: string) => notes.push(text), root: process.cwd() };
    expect(await runCommand(['data', 'convert', input, output, '--to', 'verl'], sink)).toBe(1);
    expect(notes.join('\n')).toContain('in.jsonl, line 2: “prompt” is no text.');
    expect(await readdir(folder)).toEqual(['in.jsonl']);
  });

  test('what cannot be held is listed before anything is written', async () => {
    const input = await file('in.jsonl', LINES);
    const made = await plan({ input, output: join(folder, 'out.jsonl'), to: form('easyr1') });
    expect(made.lost).toEqual([['messages of the role “system”', 1]]);
    expect(await readdir(folder)).toEqual(['in.jsonl']);
  });

  test('a conversion that is stopped leaves nothing', async () => {
    const input = await file('in.jsonl', LINES);
    const made = await plan({ input, output: join(folder, 'out.jsonl'), to: form('verl') });
    await expect(convert(made, { signal: AbortSignal.abort() })).rejects.toThrow('Cancelled.');
    expect(await readdir(folder)).toEqual(['in.jsonl']);
  });
});

describe('prompt templates', () => {
  test('are filled with the records of a data set; faults come with their line', async () => {
    const data = await file('in.jsonl', JSON.stringify({ prompt: '<image>Is it there? ', answer: 'yes' }));
    const good = await file('good.jinja', 'Q: {{ content | trim }}\nA:\n');
    const bad = await file('bad.jinja', 'Q:\n{{ question }}\n');
    const [printed, notes]: [string[], string[]] = [[], []];
    const sink = {
      print: (text: string) => printed.push(text),
      note: (text: string) => notes.push(text),
      root: process.cwd(),
    };
    expect(await runCommand(['data', 'show', data, '--template', good], sink)).toBe(0);
    expect(printed).toEqual(['── row 0\nQ: <image>Is it there?\nA:']);
    expect(await runCommand(['data', 'show', data, '--template', bad], sink)).toBe(1);
    expect(notes).toEqual([
      `${bad}:2: warning: “question” is not set; the template is given content. [template-undefined]`,
    ]);
  });
});
