// A virtual environment with the pinned packages that users' rewards import, for the layer that needs the real ones.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pythons } from './pythons.mjs';
import { at, run, say, stop } from './steps.mjs';
import { installSystemPackages } from './system.mjs';

const folder = at('.vscode-test/frameworks');
const stamp = path.join(folder, 'installed');
const python = path.join(folder, 'bin', 'python');

/** The Python of that environment; installs it when `.ci/frameworks.txt` has changed. */
export async function frameworksPython() {
  const lists = ['.ci/frameworks.txt', '.ci/frameworks-sources.txt'].map((file) => readFileSync(at(file), 'utf8'));
  const wanted = createHash('sha256').update(lists.join('\0')).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  await installSystemPackages(['frameworks']);
  say('installing the packages of .ci/frameworks.txt into .vscode-test/frameworks');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if ((await run(pythons().at(-1).file, ['-m', 'venv', folder])) !== 0)
    stop('Python could not make an environment: see above.', 3);
  await pip('-r', at('.ci/frameworks.txt'));
  // Only read, never imported, so what they need is left out.
  await pip('--no-deps', '--ignore-requires-python', '-r', at('.ci/frameworks-sources.txt'));
  writeFileSync(stamp, wanted);
  return python;
}

async function pip(...args) {
  const status = await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
  if (status === 0) return;
  stop(`${args.at(-1)} could not be installed: is the Python package index within reach? See above.`, 3);
}
