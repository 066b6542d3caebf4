import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
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
  afterAll(() => rmSync(house, { recursive: true, force: true, maxRetries: 5 }));

  it('every one that it can see', { timeout: 120_000 }, () => {
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
    const said = compile(house);
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
 * What the compiler says of the breaches in every room, by the room's own project with nothing else in it. It is asked about
 * these files alone: to check all that they import takes seconds a room.
 */
function compile(house: string): string[] {
  const read = new Map<string, ts.SourceFile | undefined>();
  return ['src/base', 'src/domain', 'src/wire', 'src/machine', 'webviews'].flatMap((room) => {
    const folder = path.join(house, room);
    const given = { extends: './tsconfig.json', include: ['**/breach*.ts', '**/*.d.ts'] };
    const { fileNames, options, projectReferences } = ts.parseJsonConfigFileContent(given, ts.sys, folder);
    const host = ts.createCompilerHost(options);
    const load = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...more) => {
      if (!read.has(name)) read.set(name, load(name, ...more));
      return read.get(name);
    };
    const program = ts.createProgram({
      rootNames: fileNames,
      options,
      ...(projectReferences ? { projectReferences } : {}),
      host,
    });
    const own = program.getSourceFiles().filter(({ fileName }) => path.basename(fileName).startsWith('breach'));
    const found = [...program.getOptionsDiagnostics(), ...own.flatMap((file) => program.getSemanticDiagnostics(file))];
    return ts.formatDiagnostics(found, host).split('\n');
  });
}
