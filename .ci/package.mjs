// `npm run package`: the production VSIX, made in a folder of its own so that the tree stays as it is.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './packages.mjs';
import { at, run, say, stop } from './steps.mjs';

/** What the VSIX holds, besides what the build makes. */
const KEPT = ['python', 'snippets', 'syntaxes', 'media', 'l10n', 'CHANGELOG.md', 'LICENSE'];
export const BUDGET_MB = 4;

/** Makes `grpo-lens-<version>.vsix` in the repository's folder; returns its path and size in bytes. */
export async function makePackage() {
  const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const stage = at('.build/package');
  const file = at(`${manifest.name}-${manifest.version}.vsix`);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  say('building for production');
  const built = await run(process.execPath, [at('.ci/build.mjs'), '--production', '--out', path.join(stage, 'dist')]);
  if (built !== 0) stop('The build failed: see above.');
  for (const name of KEPT.filter((name) => existsSync(at(name))))
    cpSync(at(name), path.join(stage, name), { recursive: true, filter: (file) => !/__pycache__|\.pyc$/.test(file) });
  writeFileSync(path.join(stage, 'README.md'), readmeAlone(readFileSync(at('README.md'), 'utf8')));
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(shipped(manifest), null, 2));
  say('packaging');
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file];
  const made = await run(at('node_modules/.bin/vsce'), ['package', ...options], { cwd: stage });
  if (made !== 0) stop('vsce could not make the package: see above.');
  return { file, bytes: statSync(file).size };
}

/** The README as an installed extension shows it, where the repository's pictures and pages are not: a page is named. */
export function readmeAlone(text) {
  const worded = text.replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n+/gm, '');
  return worded.replace(/\[([^\]]+)\]\((?!https:|#)([^)#]*)[^)]*\)/g, '$1 (`$2`)');
}

/** The manifest without what only the repository needs. */
function shipped({
  scripts: _scripts,
  devDependencies: _dev,
  prettier: _prettier,
  files: _files,
  private: _private,
  ...rest
}) {
  return { ...rest, files: ['**'] };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await installPackages();
  const { file, bytes } = await makePackage();
  const megabytes = bytes / 1e6;
  console.log(`${path.relative(at(), file)}: ${megabytes.toFixed(2)} MB of ${BUDGET_MB} MB`);
  if (megabytes > BUDGET_MB) stop(`The package is larger than ${BUDGET_MB} MB.`);
}
