import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const FOLDER = 'test/syntaxes';

/** Grammars of ours, and as much of VS Code's own as they are injected into. */
const grammars = ['syntaxes', FOLDER].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.tmLanguage.json'))
    .map((name) => `${folder}/${name}`),
);
const texts = readdirSync(FOLDER).filter((name) => !name.endsWith('.tmLanguage.json'));

test.each(texts)('%s is coloured as its marks say', (name) => {
  const args = [...grammars.flatMap((grammar) => ['-g', grammar]), `${FOLDER}/${name}`];
  const { stdout, status } = spawnSync('node_modules/.bin/vscode-tmgrammar-test', args, { encoding: 'utf8' });
  expect(stdout).toContain('run successfuly');
  expect(status).toBe(0);
});

test('there are texts for each grammar', () => {
  expect(texts.sort()).toEqual(['completions.json', 'run.train.log', 'train.sh', 'vqa.jinja']);
});
