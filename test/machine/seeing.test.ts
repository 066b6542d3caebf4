import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../../src/domain/frameworks/datasets';
import type { Seen } from '../../src/domain/dataset/view';
import type { RawRecord } from '../../src/domain/rollouts/rollout';
import { runCommand } from '../../src/machine/commands/all';
import { modelFolder } from '../../src/machine/data/modelFiles';
import { viewerOf, type ViewWish } from '../../src/machine/data/seeing';
import { film, png } from '../support/media';
import { tinyModel } from '../support/tinyModel';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seeing-'));
  tinyModel(join(folder, 'model'));
  writeFileSync(join(folder, 'a.png'), png(640, 480));
  writeFileSync(join(folder, 'film.mp4'), film({ frames: 240, fps: 24, width: 640, height: 360 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function seen(raw: RawRecord, wish: ViewWish = {}): Promise<Seen> {
  const form = formOf(raw);
  const read = form?.read(raw);
  if (!form || typeof read !== 'object') throw new Error(String(read));
  const model = wish.config === undefined ? { model: join(folder, 'model') } : {};
  return (await viewerOf(join(folder, 'in.jsonl'), form, { ...model, ...wish })).see(read);
}

function text({ pieces }: Seen, kept = true): string {
  return pieces
    .filter(({ cut }) => !cut === kept)
    .map((piece) => piece.text)
    .join('');
}

function config(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('what the model sees', () => {
  test('the chat as its template renders it, with pictures as tokens of their size', async () => {
    const record = { prompt: [{ role: 'user', content: 'How many?' }], images: ['a.png'], solution: '3' };
    const view = await seen(record);
    expect(text(view)).toBe(
      '<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>How many?<|im_end|>\n<|im_start|>assistant\n',
    );
    // 640 × 480 is nearest to 644 × 476 among multiples of 28: 23 × 17 tokens.
    expect(view.media).toEqual([
      {
        kind: 'image',
        label: 'a.png',
        size: { width: 640, height: 480 },
        shown: { width: 644, height: 476 },
        tokens: 391,
      },
    ]);
    const texts = view.pieces.filter(({ kind }) => kind === 'text').reduce((sum, { tokens = 0 }) => sum + tokens, 0);
    expect(view.tokens).toBe(texts + 391);
  });

  test('settings of pictures in the one file that transformers 5 writes', async () => {
    const image_processor = { image_processor_type: 'Qwen2VLImageProcessor', patch_size: 14, merge_size: 2 };
    const size = { longest_edge: 28 * 28 * 4, shortest_edge: 28 * 28 };
    const files = {
      'preprocessor_config.json': undefined,
      'processor_config.json': { image_processor: { ...image_processor, size } },
    };
    const model = tinyModel(join(folder, 'five'), files);
    const view = await seen({ prompt: [{ role: 'user', content: '?' }], images: ['a.png'] }, { model });
    expect(view.media).toMatchObject([{ shown: { width: 56, height: 28 }, tokens: 2 }]);
  });

  test.each([
    ['trl', 'max_prompt_length', { does: 'kept' }],
    ['swift', 'max_length', { does: 'cut left' }],
  ])('a prompt too long in %s', async (_, __, expected) => {
    const raw =
      _ === 'trl'
        ? { prompt: [{ role: 'user', content: 'abcdef' }] }
        : { messages: [{ role: 'user', content: 'abcdef' }] };
    const view = await seen(raw, { limit: 10 });
    expect(view.overlong).toMatchObject({ ...expected, limit: 10, over: (view.tokens ?? 0) - 10 });
    expect(text(view, false).length > 0).toBe(expected.does !== 'kept');
  });

  test('the cut falls between tokens; pictures stay whole in ms-swift', async () => {
    const view = await seen(
      { messages: [{ role: 'user', content: '<image>étage' }], images: ['a.png'] },
      { limit: 400 },
    );
    expect(view.overlong).toMatchObject({ does: 'cut left', over: (view.tokens ?? 0) - 400 });
    expect(text(view, false) + text(view)).toContain('étage');
    expect(view.pieces.filter(({ kind }) => kind === 'image')).toEqual([
      { kind: 'image', text: '<|image_pad|>', tokens: 391 },
    ]);
    const kept = view.pieces.filter(({ cut }) => !cut).reduce((sum, { tokens = 0 }) => sum + tokens, 0);
    expect(kept).toBe(400);
  });

  test('a configuration of EasyR1: its model, template, limit and pixels', async () => {
    writeFileSync(join(folder, 'vqa.jinja'), '{{ content | trim }} Think first.\n');
    const file = config(
      'config.yaml',
      'data:\n  max_prompt_length: 60\n  max_pixels: 40000\n  min_pixels: 1000\n  format_prompt: ./vqa.jinja\n  filter_overlong_prompts: true\nworker:\n  actor:\n    model:\n      model_path: model\nalgorithm:\n  adv_estimator: grpo\ntrainer:\n  n_gpus_per_node: 1\n',
    );
    const view = await seen({ prompt: '<image>Is it there? ', answer: 'yes', images: ['a.png'] }, { config: file });
    expect(text(view, false)).toContain('Is it there? Think first.<|im_end|>');
    // 230 × 173 after EasyR1, 224 × 168 after the processor.
    expect(view.media[0]).toMatchObject({ shown: { width: 224, height: 168 }, tokens: 48 });
    expect(view.overlong?.says).toBe('EasyR1 leaves it out: data.filter_overlong_prompts is on.');
  });

  test.each([
    [
      'by its file, two a second',
      { videos: ['film.mp4'] },
      { of: 240, count: 20, last: 239, shown: { width: 644, height: 364 }, tokens: 2990 },
    ],
    [
      'by the counts of its record',
      { video: 'x.mp4', meta: { frame_cnts: [15, 11], min_frames: 4, max_frames: 8 } },
      { of: 26, count: 8, last: 25 },
    ],
  ])('frames of a film %s', async (_, media, { of, count, last, ...more }) => {
    const view = await seen({
      conversations: [
        { from: 'human', value: '<video>\nWhich?' },
        { from: 'gpt', value: 'a' },
      ],
      ...media,
    });
    const [one] = view.media;
    expect([one?.of, one?.frames?.length, one?.frames?.[0], one?.frames?.at(-1)]).toEqual([of, count, 0, last]);
    expect(one).toMatchObject(more);
  });
});

describe('what cannot be known is said', () => {
  test.each([
    ['tokenizer.json', /has no tokenizer.json, so its tokens cannot be counted/],
    ['tokenizer_config.json', /has no chat template/],
  ])('without %s', async (name, why) => {
    const model = tinyModel(join(folder, `without-${name}`), { [name]: undefined });
    const view = await seen({ messages: [{ role: 'user', content: 'x' }] }, { model });
    expect(view.tokens).toBeUndefined();
    expect(view.notes.join('\n')).toMatch(why);
  });

  test.each([
    [
      'an image processor of another model',
      { 'preprocessor_config.json': { image_processor_type: 'SiglipImageProcessor' } },
      /SiglipImageProcessor/,
    ],
    [
      'a template with a fault',
      { 'chat_template.jinja': '{% for m in messages %}{{ m.role }' },
      /closing|Expected|Parser|Unexpected|end/i,
    ],
    ['a template that refuses', { 'chat_template.jinja': "{{ raise_exception('Only pairs') }}" }, /Only pairs/],
  ])('%s', async (name, files, why) => {
    const model = tinyModel(join(folder, name), files);
    const view = await seen({ messages: [{ role: 'user', content: '<image>x' }], images: ['a.png'] }, { model });
    expect(view.tokens).toBeUndefined();
    expect(view.notes.join('\n')).toMatch(why);
  });

  test('where Python’s jinja2 would write another text', async () => {
    const template = '{% for m in messages %}{{ m.content | wordcount }} {{ m | tojson }}{% endfor %}';
    const model = tinyModel(join(folder, 'differs'), { 'chat_template.jinja': template.replace(' | wordcount', '') });
    expect((await seen({ messages: [{ role: 'user', content: 'x' }] }, { model })).notes.join('\n')).not.toMatch(
      /Python/,
    );
    const other = tinyModel(join(folder, 'differs2'), {
      'chat_template.jinja': `${template}{{ messages is defined }}`,
    });
    const { notes } = await seen({ messages: [{ role: 'user', content: 'x' }] }, { model: other });
    expect(notes.join('\n')).toMatch(/wordcount/);
  });

  test('a picture that is none, and one that is gone', async () => {
    writeFileSync(join(folder, 'broken.png'), 'no picture');
    const view = await seen({
      messages: [{ role: 'user', content: '<image><image>x' }],
      images: ['broken.png', 'gone.png'],
    });
    expect(view.media.map(({ why }) => why)).toEqual(['It is no picture, or a broken one.', 'Its file is not there.']);
    expect(view.tokens).toBeUndefined();
  });

  test('a model that is not here', () => {
    expect(() => modelFolder('Qwen/Qwen2.5-VL-3B-Instruct', '.', { HF_HUB_CACHE: folder })).toThrow(
      /is not on this machine/,
    );
    tinyModel(join(folder, 'models--a--b', 'snapshots', '1f'));
    expect(modelFolder('a/b', '.', { HF_HUB_CACHE: folder })).toBe(join(folder, 'models--a--b', 'snapshots', '1f'));
  });
});

test('grpo data sees', async () => {
  const file = join(folder, 'in.jsonl');
  writeFileSync(file, JSON.stringify({ messages: [{ role: 'user', content: '<image>Here?' }], images: ['a.png'] }));
  const [printed, notes]: [string[], string[]] = [[], []];
  const sink = {
    print: (line: string) => printed.push(line),
    note: (line: string) => notes.push(line),
    root: process.cwd(),
  };
  expect(await runCommand(['data', 'sees', file, '--model', join(folder, 'model')], sink)).toBe(0);
  expect(printed.join('\n')).toContain('image a.png: 640 × 480 → 644 × 476, 391 tokens');
  expect(printed.join('\n')).toContain('<|image_pad|>×391');
  expect(await runCommand(['data', 'sees', file, '--model', join(folder, 'model'), '--limit', '395'], sink)).toBe(1);
  expect(printed.at(-1)).toContain('⟦');
  // What a model lacks is said of the first record, and not of each.
  const record = { messages: [{ role: 'user', content: 'Here?' }] };
  writeFileSync(file, `${JSON.stringify(record)}\n${JSON.stringify(record)}\n`);
  printed.length = 0;
  mkdirSync(join(folder, 'bare'));
  writeFileSync(join(folder, 'bare/config.json'), '{"model_type": "qwen2"}');
  await runCommand(['data', 'sees', file, '--model', join(folder, 'bare')], sink);
  expect(printed.map((text) => text.split('\n').some((line) => line.startsWith('(')))).toEqual([true, false]);
});
