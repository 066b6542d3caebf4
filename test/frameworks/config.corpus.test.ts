import { afterEach, describe, expect, it } from 'vitest';
import { lint, readSettings, type Remark } from '../../src/machine/config/lint';
import { lintNotebook } from '../../src/machine/config/lintNotebook';
import { checkout, corpora, grammars, others, remaining, textAt } from './corpus/corpus';

const home = process.cwd();
afterEach(() => process.chdir(home));

async function errors(path: string, wish: Parameters<typeof readSettings>[1]): Promise<string[]> {
  const all: readonly Remark[] = path.endsWith('.ipynb')
    ? await lintNotebook(path, wish ?? {})
    : lint(await readSettings(path, wish));
  return all.filter(({ severity }) => severity === 'error').map(({ line, rule }) => `${path}:${line} ${rule}`);
}

describe('the frameworks’ own scripts have no error that their framework would not raise', () => {
  it('at most 20 findings remain, each with the place that makes it right', () => {
    expect(remaining.length).toBeLessThanOrEqual(20);
    for (const { framework, path, sha256, verdict } of remaining) {
      expect(verdict).toMatch(/^true.* [\w/.]+\.(py|yaml|sh):\d+ @ \d/);
      expect(corpora.find((one) => one.framework === framework)?.files[path]).toBe(sha256);
    }
  });

  for (const corpus of corpora) {
    const folder = checkout(corpus);
    it.runIf(folder !== undefined)(`${corpus.framework} ${corpus.version}`, async () => {
      process.chdir(folder ?? '');
      const wish = { grammars: await grammars() };
      const found: string[] = [];
      for (const [path, sha256] of Object.entries(corpus.files)) {
        textAt('.', path, sha256);
        found.push(...(await errors(path, wish)));
      }
      const listed = remaining.filter(({ framework }) => framework === corpus.framework);
      expect(found.sort()).toEqual(listed.map(({ path, line, rule }) => `${path}:${line} ${rule}`).sort());
    });
  }
});

describe('public scripts by others, every finding checked by hand', () => {
  it('at least 60 were read; nine of ten findings on those that nothing was mended with are true', () => {
    expect(others.filter(({ read }) => read !== false).length).toBeGreaterThanOrEqual(60);
    for (const part of ['seen', 'fresh'] as const) {
      const found = others.filter((one) => one.part === part).flatMap(({ findings }) => findings);
      const right = found.filter(({ verdict }) => /^true\b/.test(verdict));
      expect(found.filter(({ verdict }) => !/^(true|false)\b/.test(verdict))).toEqual([]);
      console.log(`${part}: ${right.length} of ${found.length} findings are true`);
      expect(right.length / found.length).toBeGreaterThanOrEqual(0.9);
    }
  });
});
