// What Chromium keeps of VS Code between windows: its files and, from the second window on, their compiled code.
import { cpSync, existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { place } from './place.mjs';

/** Chromium writes compiled code down when it meets a file for the second time; the third window finds all of it. */
const WINDOWS = 3;
const after = (windows) => path.join(place.folder, `chromium-${windows}`);

/** A folder in `temp` with all that windows before have left: each has its own, since two Chromiums cannot share one. */
export function openCache(temp) {
  const folder = path.join(temp, 'cache');
  const windows = [...Array(WINDOWS).keys()].map((at) => WINDOWS - at).find((count) => existsSync(after(count))) ?? 0;
  if (windows > 0) cpSync(after(windows), folder, { recursive: true });
  return { folder, keep: () => windows < WINDOWS && keep(folder, after(windows + 1)) };
}

function keep(folder, place) {
  if (!existsSync(folder) || existsSync(place)) return;
  const part = `${place}.${process.pid}`;
  cpSync(folder, part, { recursive: true });
  // Another window may have been faster: then ours is not needed.
  if (!existsSync(place)) renameSync(part, place);
}
