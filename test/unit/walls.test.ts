import { ESLint } from 'eslint';
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
