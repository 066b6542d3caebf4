import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataForms } from '../../src/domain/frameworks/datasets';
import { runCommand } from '../../src/machine/commands/all';
import { check } from '../../src/machine/data/check';
import { convert, plan, type Conversion } from '../../src/machine/data/convert';
import { readRecords, type Numbered } from '../../src/machine/data/records';
import { viewerOf } from '../../src/machine/data/seeing';
import { png } from '../support/media';
import { tinyModel } from '../support/tinyModel';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

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
    const sink = { print: () => {}, note: (text: string) => notes.push(text), root: '' };
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
    await expect(convert(made, AbortSignal.abort())).rejects.toThrow('Cancelled.');
    expect(await readdir(folder)).toEqual(['in.jsonl']);
  });
});

describe('checking', () => {
  test('each fault with its line, rule and sentence', async () => {
    await file('a.png', png(4, 3));
    const good = { prompt: '<image>How many?', answer: '3', images: ['a.png'] };
    const input = await file(
      'in.jsonl',
      [
        good,
        good,
        { prompt: '<image> ', answer: '3', images: ['a.png'] },
        { prompt: '<image><image>Two?', answer: '3', images: ['a.png'] },
        { prompt: '<image>Gone?', answer: '3', images: ['gone.png'] },
        { prompt: '<image>Out?', answer: '3', images: ['../x/a.png'] },
        { prompt: '<image>Web?', answer: '3', images: ['https://example.org/a.png'] },
        { messages: [{ role: 'user', content: 'x' }] },
      ]
        .map((record) => JSON.stringify(record))
        .join('\n'),
    );
    const other = await file(
      'val.jsonl',
      JSON.stringify({ prompt: '<image>Gone?', answer: '1', images: ['gone.png'] }),
    );
    const { findings, form: known, rows, media } = await check(input, { against: other });
    expect([known?.id, rows, media['images']]).toEqual(['easyr1', 8, 7]);
    expect(findings.map(({ line, rule }) => [line, rule])).toEqual([
      [2, 'duplicate'],
      [3, 'empty-prompt'],
      [4, 'media-count'],
      [5, 'leakage'],
      [5, 'missing-file'],
      [6, 'outside-folder'],
      [6, 'missing-file'],
      [7, 'framework'],
      [8, 'mixed-form'],
    ]);
    expect(findings[2]?.text).toBe('2 × <image> stand in the prompt, but the record has 1 images.');
  });

  test('answers that are nearly always the same', async () => {
    const lines = Array.from({ length: 40 }, (_, n) =>
      JSON.stringify({ prompt: `${n}?`, answer: n < 36 ? 'yes' : 'no' }),
    );
    const { findings, classes } = await check(await file('in.jsonl', lines.join('\n')));
    expect(classes).toEqual([
      ['yes', 36],
      ['no', 4],
    ]);
    expect(findings.map(({ text }) => text)).toEqual([
      '90% of the solutions are “yes”: answering that always would already score high.',
    ]);
  });

  test('pictures that are broken, by path and by their bytes', async () => {
    const whole = png(40, 30);
    await file('whole.png', whole);
    await file('cut.png', whole.subarray(0, whole.length - 20));
    await file('empty.png', '');
    await file('text.jpg', 'This is no picture.');
    const images = ['whole.png', 'cut.png', 'empty.png', 'text.jpg', { bytes: Buffer.from('no').toString('base64') }];
    const lines = images.map((image, n) => JSON.stringify({ prompt: `<image>${n}?`, answer: `${n}`, images: [image] }));
    const { findings } = await check(await file('in.jsonl', lines.join('\n')));
    expect(findings.map(({ line, rule, text }) => [line, rule, text.replace(folder, '')])).toEqual([
      [2, 'broken-image', 'The file cut.png ends in the middle of its picture.'],
      [3, 'missing-file', 'The file empty.png is empty or no file (/empty.png).'],
      [4, 'broken-image', 'The file text.jpg: It is no picture, or a broken one.'],
      [5, 'broken-image', 'Picture 1: It is no picture, or a broken one.'],
    ]);
  });

  test('lengths in the model’s own tokens, and prompts beyond the limit', async () => {
    const lines = ['Short?', 'A much longer question, again and again?'].map((text) =>
      JSON.stringify({ messages: [{ role: 'user', content: text }], solution: '1' }),
    );
    const input = await file('in.jsonl', lines.join('\n'));
    const viewer = await viewerOf(input, form('swift'), { model: tinyModel(join(folder, 'model')), limit: 30 });
    const { findings, tokens, characters } = await check(input, { viewer });
    expect(characters).toMatchObject({ first: 6, last: 40, rows: 2, over: 0 });
    expect(tokens).toMatchObject({ rows: 2, limit: 30, over: 1 });
    expect(findings.map(({ line, rule, weight }) => [line, rule, weight])).toEqual([[2, 'too-long', 'warning']]);
    expect(findings[0]?.text).toMatch(
      /^It has \d+ tokens, \d+ more than 30: ms-swift keeps the last max_length tokens/,
    );
  });

  test('the recorded runs’ own data sets have no faults', async () => {
    for (const name of ['trl-count', 'trl-vl-count']) {
      const { findings } = await check(join('examples', name, 'dataset.jsonl'));
      expect(findings).toEqual([]);
    }
  });
});

describe('prompt templates', () => {
  test('are filled with the records of a data set; faults come with their line', async () => {
    const data = await file('in.jsonl', JSON.stringify({ prompt: '<image>Is it there? ', answer: 'yes' }));
    const good = await file('good.jinja', 'Q: {{ content | trim }}\nA:\n');
    const bad = await file('bad.jinja', 'Q:\n{{ question }}\n');
    const [printed, notes]: [string[], string[]] = [[], []];
    const sink = { print: (text: string) => printed.push(text), note: (text: string) => notes.push(text), root: '' };
    expect(await runCommand(['data', 'show', data, '--template', good], sink)).toBe(0);
    expect(printed).toEqual(['── row 0\nQ: <image>Is it there?\nA:']);
    expect(await runCommand(['data', 'show', data, '--template', bad], sink)).toBe(1);
    expect(notes).toEqual([
      `${bad}:2: warning: “question” is not set; the template is given content. [template-undefined]`,
    ]);
  });
});

describe('answers and their reward', () => {
  test(
    'the rewards that a configuration names, with answers as its template asks for them',
    { timeout: 60_000 },
    async () => {
      const answers = ['yes', 'no', 'the left lung', '<answer>right</answer>', ''];
      const data = await file(
        'in.jsonl',
        answers.map((answer, n) => JSON.stringify({ prompt: `<image>${n}?`, answer })).join('\n'),
      );
      const printed: string[] = [];
      const sink = { print: (text: string) => printed.push(text), note: () => {}, root: process.cwd() };
      const config = 'examples/easyr1-vqa/config/config.yaml';
      await runCommand(['data', 'check', data, '--config', config, '--json'], sink);
      const { findings, missing } = JSON.parse(printed.join('')) as { findings: { rule: string }[]; missing: string[] };
      expect(missing.join('\n')).toMatch(/is not on this machine/);
      expect(findings.filter(({ rule }) => rule === 'rejected')).toEqual([]);
    },
  );

  test('a solution that its own reward would never accept is found', { timeout: 60_000 }, async () => {
    const data = await file(
      'in.jsonl',
      ['yes', 'B', '<answer>c</answer>', 'A or B']
        .map((answer) => JSON.stringify({ prompt: 'Which?', answer }))
        .join('\n'),
    );
    const printed: string[] = [];
    const sink = { print: (text: string) => printed.push(text), note: () => {}, root: process.cwd() };
    const reward = 'examples/swift-vlm-puzzle/rewards.py:reward_eyeballing';
    expect(await runCommand(['data', 'check', data, '--reward', reward, '--json'], sink)).toBe(0);
    const { findings } = JSON.parse(printed.join('')) as { findings: { rule: string; line: number; text: string }[] };
    expect(findings.filter(({ rule }) => rule === 'rejected').map(({ line, text }) => [line, text])).toEqual([
      [1, 'reward_eyeballing gives its own solution -1, not 1.'],
      [4, 'reward_eyeballing gives its own solution -1, not 1.'],
    ]);
  });
});
