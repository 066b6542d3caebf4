import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Machines may share the folder, as containers do: a process of another one is not looked for here. */
const OWN = `grpo-lens-${createHash('sha256').update(hostname()).digest('hex').slice(0, 6)}-`;
const LEFT = new RegExp(`^${OWN}(\\d+)-`);
let swept: Promise<void> | undefined;

/** A new folder for temporary files, which its maker removes; those of processes that were killed are removed as well. */
export function temporaryFolder(): string {
  swept ??= sweep();
  return mkdtempSync(join(tmpdir(), `${OWN}${process.pid}-`));
}

/** Resolves when what others left is gone. */
export async function sweep(): Promise<void> {
  const names = await readdir(tmpdir()).catch((): string[] => []);
  const left = names.filter((name) => isGone(Number(LEFT.exec(name)?.[1] ?? process.pid)));
  for (const name of left) {
    const path = join(tmpdir(), name);
    const owner = await stat(path).then(
      ({ uid }) => uid,
      () => undefined,
    );
    if (owner === (process.getuid?.() ?? owner))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
