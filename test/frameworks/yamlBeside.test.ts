import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

interface Editor {
  runSuite(suite: object): Promise<{ passed: number; failed: number }>;
}

interface Peer {
  installPeer(): Promise<string>;
}

/** Stands in for Red Hat's extension, under its name and with its language server, where its own package is not at hand. */
const STAND_IN = `const vscode = require('vscode');
const { getLanguageService } = require('yaml-language-server');
const { TextDocument } = require('vscode-languageserver-textdocument');
const nothing = () => undefined;
exports.activate = () => {
  const service = getLanguageService({
    schemaRequestService: () => Promise.reject(new Error('no schema is fetched')),
    workspaceContext: { resolveRelativePath: (path) => path },
    telemetry: { send: nothing, sendError: nothing, sendTrack: nothing },
    clientCapabilities: {},
    connection: { onRequest: nothing, onNotification: nothing, sendNotification: nothing },
    yamlSettings: { documents: new Map(), yamlFormatterSettings: {} },
  });
  service.configure({ validate: true, schemas: [] });
  const shown = vscode.languages.createDiagnosticCollection('yaml');
  const check = async (document) => {
    if (document.languageId !== 'yaml') return;
    const text = TextDocument.create(document.uri.toString(), 'yaml', document.version, document.getText());
    const found = await service.doValidation(text, false);
    shown.set(
      document.uri,
      found.map(({ range: { start, end }, message }) => {
        const range = new vscode.Range(start.line, start.character, end.line, end.character);
        return Object.assign(new vscode.Diagnostic(range, message), { source: 'YAML' });
      }),
    );
  };
  vscode.workspace.textDocuments.forEach(check);
  vscode.workspace.onDidOpenTextDocument(check);
  vscode.workspace.onDidChangeTextDocument(({ document }) => check(document));
};
`;

async function script<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(resolve(path)).href)) as T;
}

test('the two do not double up in a real editor', async () => {
  const [{ runSuite }, { installPeer }] = await Promise.all([
    script<Editor>('.ci/window.mjs'),
    script<Peer>('.ci/peer/install.mjs'),
  ]);
  const [temp, peer] = [mkdtempSync(join(tmpdir(), 'grpo-lens-yaml-')), await installPeer()];
  const own = join(temp, 'ext', 'redhat.vscode-yaml-1.0.0');
  mkdirSync(own, { recursive: true });
  const names = { name: 'vscode-yaml', publisher: 'redhat', version: '1.0.0', main: './main.js' };
  const manifest = { ...names, engines: { vscode: '^1.90.0' }, activationEvents: ['onLanguage:yaml'] };
  writeFileSync(join(own, 'package.json'), JSON.stringify(manifest));
  const found = `module.paths.push(${JSON.stringify(join(peer, 'node_modules'))});\n`;
  writeFileSync(join(own, 'main.js'), `${found}${STAND_IN}`);
  await execa('node', ['.ci/build.mjs']);
  try {
    const files = ['test/frameworks/window/yamlBeside.ts'];
    expect(await runSuite({ name: 'yaml-beside', files, temp })).toMatchObject({ passed: 1, failed: 0 });
  } finally {
    rmSync(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
