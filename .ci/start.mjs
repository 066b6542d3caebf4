// `npm start`: builds, and opens VS Code with the extension on `examples/`: the desktop's where `code` is on the PATH, else
// one in the browser. Flags: --browser (even if there is a desktop), --port N (or PORT), --check (prove that it works, end).
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installPackages } from './packages.mjs';
import { at, find, run, say, stop } from './steps.mjs';
import { installSystemPackages } from './system.mjs';

const flag = (name) => process.argv.includes(`--${name}`);
const examples = at('examples');

await installPackages();
const desktop = flag('browser') || flag('check') ? undefined : find('code');
if (desktop) await openDesktop(desktop);
else await openBrowser();

async function openDesktop(code) {
  say('building');
  if ((await run(process.execPath, [at('.ci/build.mjs')])) !== 0) stop('The build failed: see above.');
  say('opening VS Code on examples/');
  process.exitCode = await run(code, [`--extensionDevelopmentPath=${at()}`, examples]);
}

async function openBrowser() {
  if (flag('check')) await installSystemPackages(['editor']);
  const { installHost } = await import('./host/install.mjs');
  await installHost();
  const { makePackage } = await import('./package.mjs');
  const { file } = await makePackage();
  const { administer, startServer } = await import('./host/server.mjs');
  const { writeSettings } = await import('./host/settings.mjs');
  const temp = mkdtempSync(path.join(os.tmpdir(), 'grpo-'));
  const home = flag('check') ? temp : at('.vscode-test/start');
  const folders = { temp, userData: path.join(home, 'data'), extensions: path.join(home, 'extensions') };
  mkdirSync(folders.extensions, { recursive: true });
  writeSettings(folders.userData, { untrusted: false });
  if (administer({ ...folders, words: ['--install-extension', file, '--force'] }) !== 0)
    stop('The extension could not be installed: see above.');
  const password = randomBytes(12).toString('base64url');
  const server = await startServer({
    ...folders,
    port: port(),
    env: { PASSWORD: password },
    flags: ['--auth', 'password'],
  });
  let ending = false;
  const end = async (code) => {
    ending = true;
    await server.stop();
    rmSync(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(0));
  void server.ended.then((how) => ending || stop(`code-server ended (${how}).`));
  const address = `${server.origin}/?folder=${encodeURIComponent(examples)}`;
  console.log(`\nVS Code with GRPO Lens:  ${address}\nPassword:                ${password}`);
  console.log('Whoever reaches it has a shell here: it listens on 127.0.0.1 only. Ctrl-C ends it.');
  if (!flag('check')) return;
  const { checkWindow } = await import('./host/check.mjs');
  await end(await checkWindow({ temp, address, password }));
}

function port() {
  const at = process.argv.indexOf('--port');
  const given = Number(at > 0 ? process.argv[at + 1] : (process.env.PORT ?? 0));
  if (!Number.isInteger(given) || given < 0 || given > 65535) stop('The port must be a number from 0 to 65535.', 2);
  return given;
}
