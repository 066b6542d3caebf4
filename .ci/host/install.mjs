// Installs the editor host (code-server and the Node it wants) into .vscode-test/host, once per lock.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at, run, say, stop } from '../steps.mjs';
import { installSystemPackages } from '../system.mjs';
import { place } from './place.mjs';

/** Makes sure that the host of the present lock is installed; takes two minutes the first time and 0.8 GB. */
export async function installHost() {
  if (process.platform !== 'linux') stop('The editor host runs on Linux; elsewhere the tests use desktop VS Code.', 3);
  if (existsSync(place.stamp) && readFileSync(place.stamp, 'utf8') === wanted()) return;
  await installSystemPackages(['host']);
  say(`installing the editor host into ${path.relative(at(), place.folder)} (two minutes, 0.8 GB, once)`);
  rmSync(place.folder, { recursive: true, force: true });
  mkdirSync(place.folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(at('.ci/host', name), path.join(place.folder, name));
  await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], process.env.PATH);
  // code-server's own install step builds native modules, and only Node 24 may run it.
  await npm(
    ['rebuild', 'code-server', '--foreground-scripts', '--loglevel=error'],
    `${place.node24}/bin:${process.env.PATH}`,
  );
  if (!existsSync(path.join(place.codeServer, 'lib/vscode/node_modules')))
    stop('code-server was installed without its parts.', 3);
  writeFileSync(place.stamp, wanted());
}

async function npm(args, PATH) {
  // Under `npm start` these tell of the npm and the Node around us, and code-server's install step believes them.
  const outer = { npm_config_user_agent: undefined, npm_node_execpath: undefined, npm_execpath: undefined };
  const env = { ...outer, PATH, npm_config_nodedir: place.node24, CI: '1' };
  const code = await run('npm', args, { cwd: place.folder, env });
  if (code !== 0) stop(`npm ${args[0]} failed for the editor host: see above.`, 3);
}

function wanted() {
  const lock = readFileSync(at('.ci/host/package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) await installHost();
