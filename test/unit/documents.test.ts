import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands, settings } from '../../src/contributions';
import { flagsOf } from '../../src/machine/table/flags';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const titles = Object.values(commands).map((title) => `GRPO: ${title}`);
const flags: readonly string[] = flagsOf;
const ids = [...Object.keys(settings), ...Object.keys(commands)];
const verbs = [...readFileSync('src/machine/commands/all.ts', 'utf8').matchAll(/from '\.\/(\w+)'/g)].map(
  ([, name]) => name,
);

/** Everything in Markdown that somebody opens. */
const pages = ['.', 'docs', 'docs/decisions', 'media/walkthrough', 'test/recordings', ...foldersIn('examples')]
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.md'));

/** How a page begins a path of the repository; a room stands also without `src`, a framework without `domain`. */
const ROOT =
  /^(src|webviews|python|test|docs|examples|media|snippets|syntaxes|\.ci|base|domain|wire|machine|editor|frameworks|onhost)\//;
const BASES = ['', 'src', 'src/domain', 'python/grpo_lens'];

describe.each(pages)('%s names only what there is', (page) => {
  const text = readFileSync(page, 'utf8');
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].flatMap(([, one]) => one ?? []);
  const gone = (names: readonly string[], isKnown: (name: string) => boolean): void =>
    expect(names.filter((name) => !isKnown(name))).toEqual([]);

  it('links', () => {
    const paths = all(/\]\(([^)\s]+)\)/g).filter((link) => !/^(https?|command):|^#/.test(link));
    gone(paths, (path) => existsSync(join(dirname(page), path.replace(/#.*/, ''))));
  });

  it('files and folders', () => {
    const paths = all(/`([\w.*/-]+)`/g).filter((word) => ROOT.test(word));
    gone(paths, (path) => [...BASES, dirname(page)].some((base) => isThere(join(base, path))));
  });

  it('npm scripts, verbs of grpo, commands, settings and flags of a query', () => {
    gone(all(/npm run ([\w:]+)/g), (name) => name in scripts);
    gone(all(/(?:^|`|npx )grpo ([a-z]+)/gm), (verb) => verbs.includes(verb));
    gone(all(/_(GRPO[\w ]*: .+?)_(?!\w)/g), (title) => titles.includes(title));
    gone(all(/`(grpoLens\.[\w.]+)`/g), (id) => ids.includes(id));
    gone(all(/flag:([\w-]+)/g), (flag) => flags.includes(flag));
  });
});

/** Whether a path leads somewhere, where `*` is any name. */
function isThere(path: string): boolean {
  const [, folder = '', name, rest = ''] = /^(.*?\/)([^/]*\*[^/]*)(?:\/(.*))?$/.exec(path) ?? [];
  if (name === undefined) return existsSync(path);
  const fits = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return existsSync(folder) && readdirSync(folder).some((one) => fits.test(one) && isThere(join(folder, one, rest)));
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
