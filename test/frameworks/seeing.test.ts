import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rendered } from '../../src/domain/dataset/seen';
import { tokensOf } from '../../src/machine/data/tokens';
import { nastyTexts } from '../support/nastyTexts';
import { SPECIAL, SPLIT, TEMPLATE } from '../support/tinyModel';

interface Theirs {
  readonly ids: readonly (readonly number[])[];
  readonly decoded: readonly string[];
  readonly chats: readonly string[];
}

const CHATS = [
  [{ role: 'user', content: 'Hi' }],
  [
    { role: 'system', content: 'You count.' },
    { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'How many?\n' }] },
    { role: 'assistant', content: '' },
    { role: 'user', content: [{ type: 'video' }, { type: 'text', text: ' <b>"é"</b> ' }] },
  ],
];

it(
  '2,000 texts become the tokens that tokenizers makes of them, and chats the text of transformers',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
    try {
      const asked = {
        split: SPLIT,
        special: SPECIAL,
        texts: nastyTexts(),
        file: join(folder, 'tokenizer.json'),
        template: TEMPLATE,
        chats: CHATS,
      };
      const python = process.env.GRPO_LENS_TEST_PYTHON ?? '';
      const options = { input: JSON.stringify(asked), encoding: 'utf8', maxBuffer: 1 << 26 } as const;
      const { stdout, stderr, status } = spawnSync(python, ['test/frameworks/seeing.py'], options);
      expect(status, stderr).toBe(0);
      const theirs = JSON.parse(stdout) as Theirs;
      const tokens = await tokensOf(folder);
      if (typeof tokens === 'string') throw new Error(tokens);
      expect(asked.texts.map((text) => tokens.encode(text))).toEqual(theirs.ids);
      expect(theirs.ids.map((ids) => tokens.decode(ids))).toEqual(theirs.decoded);
      const chats = CHATS.map((messages) => {
        const record = { messages: messages as never, images: [], videos: [], audios: [], columns: {} };
        return rendered(record, { template: TEMPLATE, tokens: {} });
      });
      expect(chats).toEqual(theirs.chats.map((text) => ({ text })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
