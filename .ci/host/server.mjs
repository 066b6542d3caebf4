// code-server: a real extension host behind a web server on the loopback address.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { place } from './place.mjs';

const NODE = path.join(place.node24, 'bin/node');

/**
 * Starts code-server. `temp` must be short: its sockets lie there, and their paths end at 107 bytes.
 * Resolves to its origin, `stop()` and `ended` (resolves when the process is gone).
 */
export async function startServer({ temp, userData, extensions, port = 0, untrusted = false, env = {}, flags = [] }) {
  mkdirSync(extensions, { recursive: true });
  const args = [
    ...common({ temp, userData, extensions }),
    ...['--session-socket', path.join(temp, 's.sock'), '--bind-addr', `127.0.0.1:${port}`, '--ignore-last-opened'],
    ...['--disable-getting-started-override', '--disable-proxy'],
    ...(untrusted ? [] : ['--disable-workspace-trust']),
    ...flags,
  ];
  const child = spawn(NODE, args, {
    env: { ...environment(temp), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(String(error)));
    child.on('exit', (code, signal) => resolve(String(code ?? signal)));
  });
  const origin = await listening(child, ended);
  return { origin, ended, stop: () => stopGroup(child, ended) };
}

/** Installs, removes or lists extensions, as `code --install-extension` would; returns the exit code. */
export function administer({ temp, userData, extensions, words }) {
  const args = [...common({ temp, userData, extensions }), ...words];
  return spawnSync(NODE, args, { stdio: 'inherit', env: environment(temp) }).status ?? 1;
}

function common({ temp, userData, extensions }) {
  const config = path.join(temp, 'config.yaml');
  writeFileSync(config, 'auth: none\ncert: false\n');
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  return [place.entry, '--config', config, ...folders, '--disable-telemetry', '--disable-update-check'];
}

/** Our environment without what a surrounding editor put into it; no marketplace, so that nothing leaves the loopback. */
function environment(temp) {
  const foreign = /^(VSCODE_(?!TEST_)|CODE_SERVER_|ELECTRON_|PORT$|PASSWORD$|HASHED_PASSWORD$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const own = { EXTENSIONS_GALLERY: '{"serviceUrl":""}', DO_NOT_TRACK: '1', XDG_RUNTIME_DIR: temp };
  return { ...Object.fromEntries(kept), ...own };
}

function listening(child, ended) {
  let heard = '';
  return new Promise((resolve, reject) => {
    const listen = (data) => {
      heard += data;
      if (process.env.VSCODE_HOST_VERBOSE) process.stderr.write(data);
      const origin = /HTTP server listening on (http:\/\/[\d.]+:\d+)/.exec(heard)?.[1];
      if (origin) resolve(origin);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then((how) => reject(new Error(`code-server ended (${how}) before it listened:\n${heard}`)));
    setTimeout(() => reject(new Error(`code-server did not listen within 90 s:\n${heard}`)), 90_000).unref();
  });
}

/** Ends the whole process group, so that no extension host stays behind. */
async function stopGroup(child, ended) {
  signal(child, 'SIGTERM');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
  signal(child, 'SIGKILL');
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
