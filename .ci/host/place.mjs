// Where the parts of the editor host lie.
import path from 'node:path';
import { at } from '../steps.mjs';

const folder = at('.vscode-test/host');

export const place = {
  folder,
  stamp: path.join(folder, 'installed'),
  codeServer: path.join(folder, 'node_modules/code-server'),
  entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
  /** Node 24 with its headers: it runs code-server. */
  node24: path.join(folder, 'node_modules', `node-linux-${process.arch}`),
  /** The stand-in for desktop VS Code's executable. */
  executable: at('.ci/host/vscode-host.mjs'),
};
