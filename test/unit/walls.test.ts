import { ESLint } from 'eslint';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { breaches } from '../support/breaches';

const root = path.resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root, overrideConfigFile: path.join(root, '.ci/eslint.config.mjs') });

describe('a wall that is broken fails the lint', () => {
  it.each(breaches)('%s: %s', async (room, statement) => {
    const filePath = path.join(root, room, 'breach.ts');
    const [result] = await eslint.lintText(`${statement}\n`, { filePath });
    expect(result?.messages.map((message) => message.ruleId)).toContain('no-restricted-imports');
  });

  it('a type import counts as an import', async () => {
    const filePath = path.join(root, 'src/domain/breach.ts');
    const [result] = await eslint.lintText(`import type { Uri } from 'vscode';\n`, { filePath });
    expect(result?.messages.map((message) => message.ruleId)).toContain('no-restricted-imports');
  });
});

/** Files of code in a folder. */
function codeIn(folder: string): string[] {
  const all = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return all.filter((file) => /\.(ts|tsx|py)$/.test(file)).map((file) => path.posix.join(folder, file));
}

/** The code without what its comments say. */
function spoken(file: string): string {
  const text = readFileSync(path.join(root, file), 'utf8');
  const comments = file.endsWith('.py') ? /"""[\s\S]*?"""|#.*/g : /\/\*[\s\S]*?\*\/|\/\/.*/g;
  return text.replace(comments, '');
}

it('no framework is named outside of the frameworks’ own folders', () => {
  const named = ['src', 'webviews', 'python/grpo_lens']
    .flatMap(codeIn)
    .filter((file) => !/^(src\/domain|python\/grpo_lens)\/frameworks\//.test(file))
    // `trl-count` is an example.
    .filter((file) => /\b(ms[-_])?swift\b|\beasyr1\b|\bverl\b|\btrl\b(?!-count)/i.test(spoken(file)));
  // What a host is asked for is known to the one program that goes there.
  expect(named).toEqual(['python/grpo_lens/onhost/machine.py']);
});
