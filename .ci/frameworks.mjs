// Virtual environments with the pinned packages that users' rewards and trainings import, for the layer that needs the real ones.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pythons } from './pythons.mjs';
import { at, run, say, stop } from './steps.mjs';
import { installSystemPackages } from './system.mjs';

const LISTS = ['.ci/frameworks.txt', '.ci/frameworks-sources.txt'];
const SWIFT = '.ci/frameworks-swift.txt';

/** The Python of that environment; installs it when `.ci/frameworks.txt` has changed. */
export function frameworksPython() {
  return environment('.vscode-test/frameworks', LISTS, async (pip) => {
    await pip('-r', at(LISTS[0]));
    // Only read, never imported, so what they need is left out.
    await pip('--no-deps', '--ignore-requires-python', '-r', at(LISTS[1]));
  });
}

/** The Python that trains with ms-swift, which wants older packages than the others; the large ones it shares with them. */
export async function swiftPython() {
  const shared = path.dirname(path.dirname(await frameworksPython()));
  return environment('.vscode-test/frameworks-swift', [...LISTS, SWIFT], async (pip, folder) => {
    // As a way from there, which stays true where the two are moved or linked to.
    const way = path.relative(packagesOf(folder), packagesOf(shared));
    writeFileSync(path.join(packagesOf(folder), 'shared.pth'), `${way}\n`);
    await pip('-r', at(SWIFT));
    // Else it is only found among the shared ones, where it is only read and has no program.
    await pip('--no-deps', '--ignore-installed', readFileSync(at(SWIFT), 'utf8').match(/^ms-swift==.*$/m)[0]);
  });
}

const packagesOf = (folder) => {
  const [python] = readdirSync(path.join(folder, 'lib')).filter((name) => name.startsWith('python'));
  return path.join(folder, 'lib', python, 'site-packages');
};

async function environment(name, lists, fill) {
  const folder = at(name);
  const stamp = path.join(folder, 'installed');
  const python = path.join(folder, 'bin', 'python');
  const wanted = createHash('sha256')
    .update(lists.map((file) => readFileSync(at(file), 'utf8')).join('\0'))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  await installSystemPackages(['frameworks']);
  say(`installing the packages of ${lists.at(-1)} into ${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if ((await run(pythons().at(-1).file, ['-m', 'venv', folder])) !== 0)
    stop('Python could not make an environment: see above.', 3);
  await fill((...words) => pip(python, words), folder);
  writeFileSync(stamp, wanted);
  return python;
}

async function pip(python, words) {
  const status = await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...words]);
  if (status === 0) return;
  stop(`${words.at(-1)} could not be installed: is the Python package index within reach? See above.`, 3);
}
