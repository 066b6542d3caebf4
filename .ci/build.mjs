// Builds every bundle into dist/. Flags: --watch, --production (minified, no source maps).
import { build, context } from 'esbuild';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeSample } from './sample.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = {
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
  { ...host, entryPoints: ['src/machine/tableWorker.ts'], outfile: 'dist/tableWorker.js' },
  { ...host, entryPoints: ['src/cli.ts'], outfile: 'dist/grpo.js', banner: { js: '#!/usr/bin/env node' } },
  { ...page, entryPoints: ['webviews/run/main.tsx'], outfile: 'dist/webviews/run.js' },
  { ...page, entryPoints: ['webviews/completions/main.tsx'], outfile: 'dist/webviews/completions.js' },
  { ...page, entryPoints: ['webviews/why/main.tsx'], outfile: 'dist/webviews/why.js' },
  { ...page, format: 'esm', entryPoints: ['webviews/notebook/main.tsx'], outfile: 'dist/webviews/notebook.js' },
].filter((bundle) => existsSync(bundle.entryPoints[0]));

/** Files that are loaded at run time as they are. */
const copies = [
  ['webviews/shared/theme.css', 'dist/webviews/theme.css'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm', 'dist/grammars/tree-sitter.wasm'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm', 'dist/grammars/tree-sitter-bash.wasm'],
  ['node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm', 'dist/grammars/tree-sitter-python.wasm'],
];

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/grammars', { recursive: true });
for (const [from, to] of copies) cpSync(from, to);
await makeSample('dist/sample');

if (watch) {
  for (const bundle of bundles) await (await context({ ...bundle, logLevel: 'info' })).watch();
} else {
  await Promise.all(bundles.map((bundle) => build(bundle)));
}
