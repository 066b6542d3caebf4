// The Pythons of this machine: the oldest and the newest that we support.
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ask, find, stop } from './steps.mjs';

const OLDEST = 9;

/** The oldest (3.9 or later) and the newest Python on the PATH or under pyenv, each `{ version, file }`. */
export function pythons() {
  const found = candidates()
    .map((file) => ({ file, version: versionOf(file) }))
    .filter(({ version }) => minor(version) >= OLDEST)
    .sort((a, b) => minor(a.version) - minor(b.version));
  const oldest = found[0];
  const newest = found.at(-1);
  if (!oldest || !newest) stop('There is no Python 3.9 or later on this machine; install python3.', 3);
  return minor(oldest.version) === minor(newest.version) ? [newest] : [oldest, newest];
}

function candidates() {
  const names = Array.from({ length: 12 }, (_, at) => `python3.${OLDEST + at}`);
  const onPath = [...names, 'python3'].map((name) => find(name)).filter(Boolean);
  const versions = path.join(os.homedir(), '.pyenv', 'versions');
  const pyenv = existsSync(versions)
    ? readdirSync(versions).map((name) => path.join(versions, name, 'bin', 'python3'))
    : [];
  return [...onPath, ...pyenv.filter((file) => existsSync(file))];
}

const minor = (version) => Number(/^3\.(\d+)/.exec(version)?.[1] ?? 0);

function versionOf(file) {
  return ask(file, ['-c', 'import platform; print(platform.python_version())']).out.trim();
}
