import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breaches } from '../support/breaches';

const root = path.resolve(import.meta.dirname, '../..');

describe('a wall that is broken fails the compiler', () => {
  let house = '';
  beforeAll(() => {
    house = mkdtempSync(path.join(mkdir(path.join(root, '.build')), 'walls-'));
    for (const name of ['.ci/tsconfig.base.json', '.ci/walls', 'src', 'webviews', 'package.json'])
      cpSync(path.join(root, name), path.join(house, name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it('every one that it can see', { timeout: 120_000 }, async () => {
    const seen = breaches.filter(([, , compiler]) => compiler);
    seen.forEach(([room, statement], at) => {
      mkdirSync(path.join(house, room), { recursive: true });
      writeFileSync(
        path.join(house, room, `breach${at}.ts`),
        statement.replace(/import .* from/, 'export * as breach from'),
      );
    });
    writeFileSync(
      path.join(house, 'src/domain/breachOfGlobals.ts'),
      'document.title; setTimeout(() => {}); process.exit();',
    );
    const said = await compile(house);
    for (const [at, [room, statement, compiler]] of seen.entries()) {
      const lines = said.filter((line) => line.includes(`${room}/breach${at}.ts`)).join('\n');
      expect(lines, `${room}: ${statement}`).toMatch(compiler ?? /./);
    }
    const globals = said.filter((line) => line.includes('breachOfGlobals'));
    expect(globals.map((line) => /'(\w+)'/.exec(line)?.[1])).toEqual(['document', 'setTimeout', 'process']);
  });
});

function mkdir(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * What the compiler says of the breaches in every room, by the room's own project with nothing else in it: a whole room
 * takes seconds. Each is compiled by itself, since a build stops behind the first that fails.
 */
async function compile(house: string): Promise<string[]> {
  const rooms = ['src/base', 'src/domain', 'src/wire', 'src/machine', 'webviews'];
  const said = rooms.map(async (room) => {
    const tsc = path.join(root, 'node_modules/.bin/tsc');
    const project = path.join(room, 'breaches.json');
    writeFileSync(
      path.join(house, project),
      JSON.stringify({ extends: './tsconfig.json', include: ['**/breach*.ts', '**/*.d.ts'] }),
    );
    const args = ['-p', project, '--noEmit', '--pretty', 'false'];
    const done = await promisify(execFile)(tsc, args, { cwd: house }).catch((error: { stdout: string }) => error);
    return done.stdout.split('\n');
  });
  return (await Promise.all(said)).flat();
}
