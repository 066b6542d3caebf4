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
    lint: { select: ['E', 'F', 'W', 'B', 'I', 'PLE', 'C4'], ignore: ['E402'] },
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
  const formatted = workspace.format(text);
  if (write && formatted !== text) writeFileSync(at(file), formatted);
  const unformatted = !write && formatted !== text ? [`${file}: not formatted; "npm run format" does it`] : [];
  const said = workspace
    .check(write ? formatted : text)
    .map(({ code, message, start_location: { row, column } }) => `${file}:${row}:${column}: ${code ?? ''} ${message}`);
  return [...unformatted, ...said];
}

function files() {
  return ['python', 'test/python']
    .filter((folder) => existsSync(at(folder)))
    .flatMap((folder) => readdirSync(at(folder), { recursive: true }).map((file) => path.join(folder, file)))
    .filter((file) => file.endsWith('.py'))
    .sort();
}
