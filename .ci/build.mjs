// Builds every bundle into dist/. Flags: --watch, --production (minified, no source maps), --out FOLDER.
import { build, context } from 'esbuild';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSample } from './sample.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const out = process.argv.includes('--out') ? process.argv[process.argv.indexOf('--out') + 1] : 'dist';
/** Made beside the last one, which others may be using, and put in its place when it is whole; F5 finds its own as it grows. */
const making = watch ? out : `${out}.new`;
const placed = (file) => file.replace(/^dist/, making);

/** Half a megabyte of catalogues costs a third of the time as text that is parsed than as source that is compiled. */
const jsonAsText = {
  name: 'json-as-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /catalogue\/\w+\.json$/ }, ({ path: file }) => ({
      contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))))})`,
    })),
};

/** `import * as vscode` in a hundred files copies VS Code's whole API a hundred times; `require` gives the one there is. */
const vscodeOnce = {
  name: 'vscode-once',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]src[\\/](editor[\\/].*|extension)\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(
        /^import \* as vscode from 'vscode';$/m,
        "const vscode = require('vscode');",
      ),
      loader: 'ts',
    })),
};

/** A program that can be started by its name: else a link that npm has made to it breaks with the next build. */
const executable = {
  name: 'executable',
  setup: ({ onEnd, initialOptions: { outfile } }) =>
    onEnd(({ errors }) => (errors.length > 0 ? undefined : chmodSync(outfile, 0o755))),
};

const common = {
  plugins: [jsonAsText, vscodeOnce],
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
  legalComments: 'none',
};
const host = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  mainFields: ['module', 'main'],
};
const page = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome122',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.css': 'text' },
};

/** The one list of bundles; an entry that is not there yet is left out. */
const bundles = [
  { ...host, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js' },
  { ...host, entryPoints: ['src/machine/table/worker.ts'], outfile: 'dist/tableWorker.js' },
  { ...host, entryPoints: ['src/machine/data/convertWorker.ts'], outfile: 'dist/convertWorker.js' },
  {
    ...host,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/grpo.js',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [...common.plugins, executable],
  },
  { ...page, entryPoints: ['webviews/run/main.tsx'], outfile: 'dist/webviews/run.js' },
  { ...page, entryPoints: ['webviews/completions/main.tsx'], outfile: 'dist/webviews/completions.js' },
  { ...page, entryPoints: ['webviews/data/main.tsx'], outfile: 'dist/webviews/data.js' },
  { ...page, entryPoints: ['webviews/prepare/main.tsx'], outfile: 'dist/webviews/prepare.js' },
  { ...page, entryPoints: ['webviews/why/main.tsx'], outfile: 'dist/webviews/why.js' },
  { ...page, format: 'esm', entryPoints: ['webviews/notebook/main.tsx'], outfile: 'dist/webviews/notebook.js' },
]
  .filter((bundle) => existsSync(bundle.entryPoints[0]))
  .map((bundle) => ({ ...bundle, outfile: placed(bundle.outfile) }));

/** Files that are loaded at run time as they are. */
const copies = [
  ['webviews/shared/theme.css', 'dist/webviews/theme.css'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm', 'dist/grammars/tree-sitter.wasm'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm', 'dist/grammars/tree-sitter-python.wasm'],
];

/** Examples that *New Project from Recipe* copies. */
const RECIPES = ['tiny-count', 'swift-vlm-puzzle', 'swift-clevr', 'easyr1-vqa', 'verl-gad', 'qwenvl-own'];
const isSource = (file) => !/__pycache__|\.pyc$/.test(file);

rmSync(making, { recursive: true, force: true });
mkdirSync(path.join(making, 'grammars'), { recursive: true });
for (const [from, to] of copies) cpSync(from, placed(to));
for (const recipe of RECIPES)
  cpSync(`examples/${recipe}`, path.join(making, 'recipes', recipe), { recursive: true, filter: isSource });
await makeSample(path.join(making, 'sample'));

if (watch) {
  const contexts = await Promise.all(bundles.map((bundle) => context({ ...bundle, logLevel: 'info' })));
  // esbuild says of each bundle that it is finished; F5 opens its window at the first such word, so all are there before.
  for (const bundle of contexts) await bundle.rebuild();
  for (const bundle of contexts) await bundle.watch();
} else {
  await Promise.all(bundles.map((bundle) => build(bundle)));
  const before = `${out}.old`;
  rmSync(before, { recursive: true, force: true });
  if (existsSync(out)) renameSync(out, before);
  renameSync(making, out);
  rmSync(before, { recursive: true, force: true });
}
