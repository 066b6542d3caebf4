// What tests leave in the folder for temporary files goes away with them: each run of them has one of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export default function setup() {
  // Short, since paths of sockets in it are bounded.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
