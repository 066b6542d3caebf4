import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { show } from '../../src/machine/data/show';
import { runCommand } from '../../src/machine/commands/all';

const root = path.resolve(import.meta.dirname, '../..');
const python = process.env.GRPO_LENS_TEST_PYTHON ?? '';
const run = promisify(execFile);

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'grpo-chores-'));
  process.env['GRPO_LENS_HOME'] = path.join(folder, 'home');
  await run(python, [path.join(import.meta.dirname, 'tinyModel.py'), path.join(folder, 'model')]);
}, 120_000);
afterAll(() => {
  delete process.env['GRPO_LENS_HOME'];
  rmSync(folder, { recursive: true, force: true });
});

/** A chore to its end, by the Python with the real packages. */
async function chore(...args: string[]): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const tell = (text: string): void => void said.push(text);
  const words = ['chore', ...args, '--cwd', folder, '--python', python, '--wait'];
  const status = await runCommand(words, { print: tell, note: tell, root });
  return { status, said: said.join('\n') };
}

it('pre-checks a real model through transformers; the answers come back scored', { timeout: 120_000 }, async () => {
  const data = path.join(root, 'examples/trl-count/dataset.jsonl');
  const reward = path.join(root, 'examples/trl-count/rewards.py');
  const words = ['--model', 'model', '--data', data, '--max_new_tokens', '12', '--n', '2', '--temperature', '1'];
  const { status, said } = await chore('precheck', ...words, '--reward', reward);
  expect(said).toContain('5 records through transformers');
  expect(said).toMatch(/reward: .*0/);
  expect(status).toBe(0);
  const rows = readFileSync(path.join(folder, 'precheck.jsonl'), 'utf8').trim().split('\n');
  expect(rows).toHaveLength(10);
  const row = JSON.parse(rows[0] ?? '') as { scores: Record<string, unknown>; tokens: number; solution: string };
  expect(Object.values(row.scores)).toContain(0);
  expect([row.tokens > 0, row.solution]).toEqual([true, '<answer> 9 </answer>']);
});

it('pre-checks a model that sees, on records with pictures', { timeout: 120_000 }, async () => {
  const names = ['0.png', '1.png'];
  const places = ['seeing', ...names].map((name) => path.join(folder, name));
  await run(python, [path.join(import.meta.dirname, 'tinyVision.py'), places[0] ?? '', '4', ...places.slice(1)]);
  const messages = [{ role: 'user', content: '<image>How many?' }];
  const lines = names.map((name) => JSON.stringify({ messages, images: [name], solution: 'a' }));
  writeFileSync(path.join(folder, 'pictures.jsonl'), lines.join('\n'));
  const words = ['--model', 'seeing', '--data', 'pictures.jsonl', '--max_new_tokens', '8', '--output', 'seen.jsonl'];
  const { status, said } = await chore('precheck', ...words);
  expect([status, said]).toEqual([0, expect.stringContaining('2 records through transformers')]);
  const rows = readFileSync(path.join(folder, 'seen.jsonl'), 'utf8').trim().split('\n');
  expect(rows.map((row) => (JSON.parse(row) as { images: string[] }).images)).toEqual(names.map((name) => [name]));
});

it('evaluates a checkpoint on a held-out set: exact match and F1', { timeout: 120_000 }, async () => {
  const held = path.join(folder, 'val.jsonl');
  const lines = readFileSync(path.join(root, 'examples/trl-count/dataset.jsonl'), 'utf8').split('\n').slice(0, 3);
  writeFileSync(held, `${lines.join('\n')}\n`);
  const { status, said } = await chore(
    'evaluate-checkpoint',
    '--model',
    'model',
    '--data',
    held,
    '--max_new_tokens',
    '8',
  );
  expect(said).toContain('exact match 0.000, F1 0.000, format 0.000 of 3');
  expect(status).toBe(0);
  const metrics = JSON.parse(readFileSync(path.join(folder, 'evaluation.metrics.json'), 'utf8')) as object;
  expect(metrics).toMatchObject({ samples: 3, all: { exact: 0 } });
});

it('merges FSDP shards bit for bit as verl’s own merger does', { timeout: 300_000 }, async () => {
  const oracle = path.join(import.meta.dirname, 'fsdpOracle.py');
  const port = String(20_000 + (process.pid % 20_000));
  const { stdout } = await run(python, [oracle, folder, path.join(root, 'python'), port], { maxBuffer: 1 << 24 });
  const told = stdout.split('\n').filter((line) => line.startsWith('{'));
  expect(told.map((line) => JSON.parse(line) as unknown)).toEqual([
    { kind: 'plain', asTheirs: true, tensors: 21, asTruth: true },
    { kind: 'tied', asTheirs: true, tensors: 20, asTruth: true },
    { kind: 'vision', asTheirs: true, tensors: 34, asTruth: true },
  ]);
});

/** Programs that come with the environment of ms-swift. */
function withProgram(name: string): void {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(path.join(path.dirname(process.env.GRPO_LENS_TEST_SWIFT ?? ''), name), path.join(bin, name));
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
}

it('makes an environment from a wheelhouse, without a network, by pip and by uv', { timeout: 300_000 }, async () => {
  const collected = await chore(
    'environment',
    '--do',
    'wheelhouse',
    '--for',
    'none',
    '--packages',
    'safetensors>=0.4 pip>=22',
    '--path',
    'house',
  );
  expect(collected.said).toMatch(/\d wheels are in /);
  const house = ['--wheelhouse', path.join(folder, 'house')];
  withProgram('uv');
  for (const tool of ['pip', 'uv']) {
    // What is left of one that was cut while it was made.
    mkdirSync(path.join(folder, tool));
    writeFileSync(path.join(folder, tool, 'pyvenv.cfg'), '');
    const words = ['environment', '--do', 'make', '--for', 'none', '--path', tool, '--tool', tool, ...house];
    const made = await chore(...words, '--packages', 'safetensors>=0.4 python>=3.9');
    expect([made.status, made.said]).toEqual([
      0,
      expect.stringMatching(new RegExp(`ok {3}safetensors[\\s\\S]*Activate it with: \\. .*${tool}/bin/activate`)),
    ]);
    const missing = await chore(...words, '--packages', 'numpy>=1.0');
    expect([missing.status, missing.said]).toEqual([1, expect.stringContaining('Installing failed')]);
  }
});

it('writes the parquet of the GAD recipe, which its data form reads', { timeout: 60_000 }, async () => {
  const data = path.join(folder, 'gad');
  mkdirSync(data);
  const picture = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(20)]);
  writeFileSync(path.join(data, 'a.png'), picture);
  const rows = Array.from({ length: 40 }, (_, at) => ({
    question: `What is ${at}?`,
    image: 'a.png',
    teacher_response: `It is ${at}.`,
  }));
  writeFileSync(path.join(data, 'gad.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const output = path.join(folder, 'gad_single_image_train.parquet');
  const recipe = path.join(root, 'examples/verl-gad/prepare.json');
  const { status, said } = await chore('prepare', '--recipe', recipe, '--data_root', data, '--output', output);
  expect([status, said]).toEqual([0, expect.stringContaining('38 records are in')]);
  const shown = await show(output, { from: 0, count: 50 });
  expect(shown).toHaveLength(38);
  expect(shown[0]?.record).toMatchObject({ solution: 'It is 1.', messages: [{ content: '<image>What is 1?' }] });
});
