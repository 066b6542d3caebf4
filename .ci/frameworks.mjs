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
  const list = readFileSync(at('.ci/frameworks.txt'));
  const wanted = createHash('sha256').update(list).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  await installSystemPackages(['frameworks']);
  say('installing the packages of .ci/frameworks.txt into .vscode-test/frameworks');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if ((await run(pythons().at(-1).file, ['-m', 'venv', folder])) !== 0)
    stop('Python could not make an environment: see above.', 3);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', at('.ci/frameworks.txt')];
  if ((await run(python, pip)) !== 0)
    stop(
      'The packages of .ci/frameworks.txt could not be installed: is the Python package index within reach? See above.',
      3,
    );
  writeFileSync(stamp, wanted);
  return python;
}
