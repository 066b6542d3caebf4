// How the scripts of this folder run other programs and speak.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** A path inside the repository. */
export const at = (...parts) => path.join(root, ...parts);

/** Says in one line what happens now. */
export const say = (text) => console.log(`\n▸ ${text}`);

/** Ends the script with one plain sentence instead of a stack. */
export function stop(text, code = 1) {
  console.error(`\n✗ ${text}`);
  process.exit(code);
}

let out = 'inherit';

/** Sends what we and our programs say to standard error; returns how to write to standard output after that. */
export function speakAside() {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  out = 2;
  return write;
}

/** Runs a program in the repository's folder with our streams; resolves to its exit code, 127 when it is not there. */
export function run(command, args, { env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['inherit', out, 'inherit'], env: { ...process.env, ...env } });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a program and keeps what it wrote: `{ code, out }`. */
export function ask(command, args, { env = {}, cwd = root } = {}) {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return { code: done.status ?? 127, out: done.stdout ?? '', err: done.stderr ?? '' };
}

/**
 * Runs a program without our streams; resolves to its exit code and all that it wrote, in the order it came. `priority`: how
 * far it stands back behind other programs, as `nice` has it.
 */
export function capture(command, args, { priority = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    if (priority > 0 && child.pid) os.setPriority(child.pid, priority);
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => parts.push(data));
    child.on('close', (code) => resolve({ code: code ?? 1, out: Buffer.concat(parts).toString() }));
  });
}

/** The first of these programs that the PATH, or the usual folders of system programs, hold. */
export function find(...names) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  const places = names.flatMap((name) => (path.isAbsolute(name) ? [name] : folders.map((f) => path.join(f, name))));
  return places.find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(error.code)) return false;
    throw error;
  }
}
