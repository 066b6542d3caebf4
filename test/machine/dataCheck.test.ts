import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataForms } from '../../src/domain/frameworks/datasets';
import { runCommand } from '../../src/machine/commands/all';
import { check } from '../../src/machine/data/check';
import { checkWith } from '../../src/machine/data/checkWith';
import { viewerOf } from '../../src/machine/data/seeing';
import { png } from '../support/media';
import { tinyModel } from '../support/tinyModel';
import { dataFolder } from './dataFolder';

let folder = '';
const file = dataFolder((made) => (folder = made));

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
    const viewer = await viewerOf(
      input,
      dataForms.find(({ id }) => id === 'swift'),
      { model: tinyModel(join(folder, 'model')), limit: 30 },
    );
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

  test('a configuration that says nothing of a model or of rewards leaves the rest of the check standing', async () => {
    const data = await file('in.jsonl', '{"prompt":"<image>Which?","answer":"A"}\n');
    const config = await file('train.sh', 'python3 -m verl.trainer.main data.train_files=in.jsonl\n');
    const printed: string[] = [];
    const sink = { print: (text: string) => printed.push(text), note: () => {}, root: process.cwd() };
    await runCommand(['data', 'check', data, '--config', config, '--json'], sink);
    const { findings, missing } = JSON.parse(printed.join('')) as { findings: { rule: string }[]; missing: string[] };
    expect(findings.map(({ rule }) => rule)).toContain('media-count');
    expect(missing).toEqual([
      expect.stringMatching(/train\.sh names no model: neither its chat template nor its tokens are known\./),
      expect.stringMatching(/^The rewards were not asked: .*train\.sh names no rewards\./),
    ]);
  });

  test('a check that is given up while the rewards are asked ends at once', { timeout: 30_000 }, async () => {
    const data = await file('in.jsonl', '{"prompt":"Which?","answer":"A"}\n');
    const reward = await file(
      'slow.py',
      'import time\ndef slow(completions, **kwargs):\n    time.sleep(60)\n    return [1.0]\n',
    );
    const stop = new AbortController();
    const asking = { python: 'python3', path: reward, name: 'slow' };
    const output = { print: () => {}, note: () => {}, root: process.cwd() };
    const checked = checkWith(data, { asking, signal: stop.signal }, output);
    setTimeout(() => stop.abort(), 1500);
    await expect(checked).rejects.toMatchObject({ code: 'cancelled' });
  });

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
