// Ruff over our Python (not over the examples, which are written as their users would): lint and format.
// `--write` formats instead of complaining.
import ruff from '@astral-sh/ruff-wasm-nodejs';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at } from './steps.mjs';

const workspace = new ruff.Workspace(
  {
    'target-version': 'py39',
    'line-length': 120,
    lint: { select: ['E', 'F', 'W', 'B', 'I', 'PLE', 'C4'], ignore: ['E402', 'E501'] },
  },
  ruff.PositionEncoding.Utf16,
);
const write = process.argv.includes('--write');
const faults = files().flatMap(check);
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'ruff: nothing to say' : `ruff: ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;

function check(file) {
  const text = readFileSync(at(file), 'utf8');
  const formatted = workspace.format(write ? sorted(text) : text);
  if (write && formatted !== text) writeFileSync(at(file), formatted);
  const unformatted = !write && formatted !== text ? [`${file}: not formatted; "npm run format" does it`] : [];
  const said = workspace
    .check(write ? formatted : text)
    .map(({ code, message, start_location: { row, column } }) => `${file}:${row}:${column}: ${code ?? ''} ${message}`);
  return [...unformatted, ...said];
}

/** Imports in their order: the one fix that is always safe. */
function sorted(text) {
  const { edits = [] } = workspace.check(text).find(({ code }) => code === 'I001')?.fix ?? {};
  const lines = text.split('\n');
  const offset = ({ row, column }) =>
    lines.slice(0, row - 1).reduce((sum, line) => sum + line.length + 1, 0) + column - 1;
  return edits.reduceRight(
    (whole, { content, location, end_location }) =>
      whole.slice(0, offset(location)) + (content ?? '') + whole.slice(offset(end_location)),
    text,
  );
}

function files() {
  return ['python', 'test/python']
    .filter((folder) => existsSync(at(folder)))
    .flatMap((folder) => readdirSync(at(folder), { recursive: true }).map((file) => path.join(folder, file)))
    .filter((file) => file.endsWith('.py'))
    .sort();
}
