// Installs what our YAML is compared with (yaml-language-server) into .vscode-test/peer, once per lock; 21 MB.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at, run, say, stop } from '../steps.mjs';

const folder = at('.vscode-test/peer');
const stamp = path.join(folder, 'installed');

/** The folder in which `yaml-language-server` is installed. */
export async function installPeer() {
  const wanted = createHash('sha256')
    .update(readFileSync(at('.ci/peer/package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder;
  say('installing yaml-language-server into .vscode-test/peer (once)');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(at('.ci/peer', name), path.join(folder, name));
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
  if (code !== 0) stop('yaml-language-server could not be installed: see above.', 3);
  writeFileSync(stamp, wanted);
  return folder;
}

if (process.argv[1] === new URL(import.meta.url).pathname) await installPeer();
