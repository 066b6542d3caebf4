import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Tokens } from '../../domain/dataset/view';
import { Problem } from '../../domain/problem';
import { unread } from '../unread';

const LITERALLY = { skip_special_tokens: false, clean_up_tokenization_spaces: false };

/** A model's own tokenizer, from its tokenizer.json; a sentence where it has none. Errors: `bad-input`. */
export async function tokensOf(folder: string): Promise<Tokens | string> {
  const path = join(folder, 'tokenizer.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return unread(error, path);
  });
  if (text === undefined) return `${folder} has no tokenizer.json, so its tokens cannot be counted.`;
  try {
    const tokenizer = new Tokenizer(JSON.parse(text) as object, {});
    return {
      encode: (piece) => (piece === '' ? [] : tokenizer.encode(piece, { add_special_tokens: false }).ids),
      decode: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids], LITERALLY)),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem({ code: 'bad-input', message: `${path} is no tokenizer that can be read: ${why}.` });
  }
}
