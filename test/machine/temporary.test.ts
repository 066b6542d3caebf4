import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweep, temporaryFolder } from '../../src/machine/temporary';

it('what a killed process left is removed, and nothing of one that lives', async () => {
  const own = temporaryFolder();
  const named = (pid: number): string => own.replace(`-${process.pid}-`, `-${pid}-`);
  const { pid: gone } = spawnSync('true');
  const [dead, living] = [named(gone), named(process.ppid)];
  for (const folder of [dead, living]) {
    mkdirSync(join(folder, 'below'), { recursive: true });
    writeFileSync(join(folder, 'below', 'file'), 'x');
  }
  await sweep();
  expect([own, living, dead].map((folder) => existsSync(folder))).toEqual([true, true, false]);
  for (const folder of [own, living]) rmSync(folder, { recursive: true });
});
