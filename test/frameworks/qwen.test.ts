import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formOf } from '../../src/domain/frameworks/datasets';
import { viewerOf } from '../../src/machine/data/seeing';
import { tokensOf } from '../../src/machine/data/tokens';
import { png } from '../support/media';
import { nastyTexts } from '../support/nastyTexts';
import { SPLIT } from '../support/tinyModel';

interface Chat {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** Of its pictures: width and height. */
  readonly sizes: readonly (readonly [number, number])[];
}

interface Theirs {
  readonly ranks: number;
  readonly ids: readonly (readonly number[])[];
  readonly same: boolean;
  /** Tokens of each chat, by the template's name; those with pictures only where it is a vision model's. */
  readonly chats: Readonly<Record<string, readonly number[]>>;
  readonly numbers: Readonly<Record<string, number>>;
}

const user = (content: string): Chat['messages'][number] => ({ role: 'user', content });
const CHATS: readonly Chat[] = [
  { messages: [user('How many cubes are there?')], sizes: [] },
  {
    messages: [
      { role: 'system', content: 'You count. Answer in <answer> </answer>.' },
      user('数一数：有多少个立方体？ 👩‍👩‍👧'),
      { role: 'assistant', content: '<answer> 3 </answer>' },
      user('Are you sure?\n\n\tdef f(x): return x ** 2  # e\u0301'),
    ],
    sizes: [],
  },
  { messages: [user('<image>How many items are there in the image?')], sizes: [[640, 480]] },
  {
    messages: [user('First <image> then <image>: what differs?')],
    sizes: [
      [1920, 1080],
      [33, 470],
    ],
  },
  { messages: [user('<image>\nTiny.')], sizes: [[10, 12]] },
];

const folder = mkdtempSync(join(tmpdir(), 'qwen-'));
const texts = nastyTexts();
let theirs: Theirs;
beforeAll(async () => {
  const python = process.env.GRPO_LENS_TEST_SWIFT ?? 'python3';
  const run = async (...words: string[]): Promise<string> =>
    (await promisify(execFile)(python, words, { maxBuffer: 1 << 26 })).stdout;
  const where = 'import importlib.util as u; print(u.find_spec("dashscope").submodule_search_locations[0])';
  const ranks = join((await run('-c', where)).trim(), 'resources/qwen.tiktoken');
  writeFileSync(join(folder, 'asked.json'), JSON.stringify({ folder, ranks, split: SPLIT, texts, chats: CHATS }));
  theirs = JSON.parse(await run('test/frameworks/qwen.py', join(folder, 'asked.json'))) as Theirs;
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('Qwen’s own ranks: 2,000 texts become the tokens that tiktoken makes of them', async () => {
  expect([theirs.ranks, theirs.numbers['<|image_pad|>'], theirs.same]).toEqual([151_643, 151_655, true]);
  const tokens = await tokensOf(join(folder, 'qwen2_5'));
  if (typeof tokens === 'string') throw new Error(tokens);
  expect(texts.map((text) => tokens.encode(text))).toEqual(theirs.ids);
});

it.each(['qwen2_5', 'qwen2_5_vl', 'qwen3', 'qwen3_vl'])(
  '%s: chats in its own template, with their pictures, have as many tokens as its processor counts',
  async (model) => {
    const own = CHATS.filter(({ sizes }) => model.endsWith('vl') || sizes.length === 0);
    const form = formOf({ messages: CHATS[0]?.messages });
    const { see } = await viewerOf(join(folder, 'data.jsonl'), form, { model: join(folder, model) });
    const counts = [];
    for (const { messages, sizes } of own) {
      const record = form?.read({ messages, images: sizes.map(([width, height]) => picture(width, height)) });
      if (typeof record !== 'object') throw new Error(String(record));
      counts.push((await see(record)).tokens);
    }
    expect(counts).toEqual(theirs.chats[model]);
  },
);

function picture(width: number, height: number): string {
  const name = `${width}x${height}.png`;
  writeFileSync(join(folder, name), png(width, height));
  return name;
}
