import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/domain/problem';
import { check } from '../../src/machine/data/check';
import type { Disk } from '../../src/machine/disk';
import { runCommand } from '../../src/machine/commands/all';
import { dataFolder } from './dataFolder';

let folder = '';
const file = dataFolder((made) => (folder = made));

/** What `grpo data …` says, the folder taken out. */
async function said(...words: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  try {
    const status = await runCommand(['data', ...words], { print: keep, note: keep, root: process.cwd() });
    return { status, text: lines.join('\n').replaceAll(`${folder}/`, '') };
  } catch (error) {
    return { status: 2, text: [...lines, String(error)].join('\n').replaceAll(`${folder}/`, '') };
  }
}

const GOOD = '{"prompt":"How many?","answer":"1"}';
const latin = Buffer.from('{"prompt":"caf\xe9","answer":"1"}', 'latin1');

test('a host that is lost while its pictures are looked at is one problem, not an error of ours', async () => {
  const lost = new Problem({ code: 'closed', message: 'The connection was cut.' });
  const disk: Disk = { entries: async () => [], read: async () => Promise.reject(lost) };
  const path = await file('in.jsonl', `{"prompt":"<image>?","answer":"1","images":["a.png"]}\n`);
  await expect(check(path, { mediaFolder: '/far', disk })).rejects.toBe(lost);
});

test('a conversion that Ctrl+C ends leaves nothing', async () => {
  const input = await file('in.jsonl', `${GOOD}\n`.repeat(2_000_000));
  const words = ['data', 'convert', input, join(folder, 'out.jsonl'), '--to', 'trl'];
  const child = spawn(process.execPath, ['dist/grpo.js', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await expect.poll(() => readdir(folder), { interval: 5, timeout: 30_000 }).toHaveLength(2);
  child.kill('SIGINT');
  expect([await ended, await readdir(folder)]).toEqual([2, ['in.jsonl']]);
});

test.each(['d.jsonl', 'd.json', 'd.parquet'])('a folder that is called %s is no file', async (name) => {
  await mkdir(join(folder, name));
  for (const verb of ['check', 'show', 'sees'])
    expect(await said(verb, join(folder, name))).toEqual({
      status: 2,
      text: `grpo data: ${name} cannot be read: it is a folder.`,
    });
});

test.each(['sees', 'check'])('%s takes a configuration that is written in Python, too', async (verb) => {
  const beside = ['--config', 'examples/trl-count/train_grpo.py'];
  const { status, text } = await said(verb, await file('in.jsonl', GOOD), ...beside);
  expect([status, text]).toEqual([0, expect.stringMatching(/train_grpo\.py names no model/)]);
});

test('an output that cannot have its name is a sentence, and nothing of it is left', async () => {
  await mkdir(join(folder, 'out.jsonl'));
  const { status, text } = await said(
    'convert',
    await file('in.jsonl', GOOD),
    join(folder, 'out.jsonl'),
    '--to',
    'trl',
  );
  expect([status, text.split('\n').at(-1)]).toEqual([
    2,
    'grpo data: out.jsonl cannot be written: a folder has this name.',
  ]);
  expect((await readdir(folder)).sort()).toEqual(['in.jsonl', 'out.jsonl']);
});

describe.each([
  [
    'records of mixed form',
    `${GOOD}\n{"messages":[{"role":"user","content":"x"}]}`,
    { rule: 'mixed-form', refusal: /“prompt” is no text/ },
  ],
  [
    'a path with “..”',
    `${GOOD}\n{"prompt":"<image>?","answer":"1","images":["../a.png"]}`,
    { rule: 'outside-folder', refusal: undefined },
  ],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(`${GOOD}\n`), latin]),
    { rule: 'bad-record', refusal: /no UTF-8 text/ },
  ],
  ['a line cut in the middle', `${GOOD}\n{"prompt":"Ho`, { rule: 'bad-record', refusal: /no whole JSON object/ }],
])('%s', (_, content, { rule, refusal }) => {
  test('a check gives the line', async () => {
    const { text } = await said('check', await file('in.jsonl', content));
    expect(text).toMatch(new RegExp(`in.jsonl:2: .*\\[${rule}\\]`));
  });

  test('a conversion says so and leaves no file, or does what it can', async () => {
    const { status, text } = await said(
      'convert',
      await file('in.jsonl', content),
      join(folder, 'out.parquet'),
      '--to',
      'verl',
    );
    const left = (await readdir(folder)).sort();
    if (!refusal) expect([status, left]).toEqual([0, ['in.jsonl', 'out.parquet']]);
    else {
      expect(text).toMatch(refusal);
      expect(text).toMatch(/line 2/);
      expect([status, left]).toEqual([1, ['in.jsonl']]);
    }
  });
});

test('a broken picture is named with its record', async () => {
  await file('broken.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]));
  const data = await file('in.jsonl', '{"prompt":"<image>?","answer":"1","images":["broken.png"]}');
  const { status, text } = await said('check', data);
  expect(status).toBe(1);
  expect(text).toMatch(/in.jsonl:1: error: The file broken.png: .* \[broken-image\]/);
});

test('a single record that is too long to hold is refused by its line', { timeout: 60_000 }, async () => {
  const data = join(folder, 'in.jsonl');
  await writeFile(data, `${GOOD}\n{"prompt":"`);
  // A hole in the file: read as NULs, kept as nothing.
  await truncate(data, (256 << 20) + 1000);
  for (const words of [
    ['check', data],
    ['convert', data, join(folder, 'out.jsonl'), '--to', 'verl'],
  ]) {
    const { text } = await said(...words);
    expect(text).toMatch(/in.jsonl: line 2 is longer than 256 MiB/);
  }
  expect(await readdir(folder)).toEqual(['in.jsonl']);
});

describe('a prompt template', () => {
  test.each([
    ['with a syntax error', '{% if content %}{{ content }}', /t.jinja:1: error: “if” is not closed by “endif”/],
    ['with a variable that nobody sets', 'Q:\n{{ question }}', /t.jinja:2: warning: “question” is not set/],
  ])('%s', async (_, content, sentence) => {
    const { status, text } = await said(
      'show',
      await file('in.jsonl', GOOD),
      '--template',
      await file('t.jinja', content),
    );
    expect([status, text]).toEqual([1, expect.stringMatching(sentence)]);
  });
});

/** A disk of a quarter of a megabyte, for one command; undefined where this machine allows no namespaces. */
function onSmallDisk(command: string): { readonly status: number | null; readonly text: string } | undefined {
  const script = `mount -t tmpfs -o size=256k none ${folder}/disk && ${command}; code=$?; ls -A ${folder}/disk; exit $code`;
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'sh', '-c', script],
    {
      encoding: 'utf8',
    },
  );
  return status === null || /unshare|mount:/.test(stderr) ? undefined : { status, text: stdout + stderr };
}

test(
  'a full disk: one sentence, and nothing under the final name or beside it',
  { timeout: 60_000 },
  async (context) => {
    const lines = Array.from({ length: 20_000 }, (_, row) =>
      JSON.stringify({ prompt: `${row}? ${Math.sin(row)}`.repeat(9), answer: 'x' }),
    );
    const data = await file('in.jsonl', lines.join('\n'));
    spawnSync('mkdir', [join(folder, 'disk')]);
    for (const name of ['out.jsonl', 'out.parquet']) {
      const told = onSmallDisk(
        `${process.execPath} dist/grpo.js data convert ${data} ${folder}/disk/${name} --to verl`,
      );
      if (!told) return context.skip('this machine allows no namespaces');
      expect(told.text.trim()).toBe(`grpo data: The disk is full: ${folder}/disk/${name} was not written.`);
      expect(told.status).not.toBe(0);
    }
  },
);
