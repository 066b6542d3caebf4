// The product's own npm packages: installed when node_modules does not hold what the lock names.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { at, run, say, stop } from './steps.mjs';

/** Runs `npm ci` when a package of the lock is missing or has another version. */
export async function installPackages() {
  const stale = staleness();
  if (!stale) return;
  if (existsSync(at('node_modules')) && lstatSync(at('node_modules')).isSymbolicLink()) {
    console.warn(`node_modules is a link and is left as it is, though ${stale}.`);
    return;
  }
  say(`npm ci: ${stale}`);
  const code = await run('npm', ['ci', '--no-audit', '--no-fund']);
  if (code !== 0) stop('npm ci failed: see above.', 3);
}

/** Why the packages have to be installed, or nothing. */
function staleness() {
  const installed = at('node_modules/.package-lock.json');
  if (!existsSync(installed)) return 'nothing is installed yet';
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  for (const [name, { version, optional }] of Object.entries(wanted)) {
    if (name === '' || (optional && !there[name])) continue;
    if (there[name]?.version !== version) return `${name} is not ${version}`;
  }
  return undefined;
}
