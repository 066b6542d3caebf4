// The proof that a suite came to its end. The workbench reports a dead extension host as success, so the real suite runs
// inside a shim that leaves a mark when, and only when, `run()` came to its end without failures.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MARK = 'mark';

/** Writes the shim for a suite into `temp`; returns its path, to be given as `extensionTestsPath`. */
export function writeShim(temp, suite) {
  const file = path.join(temp, 'suite.cjs');
  writeFileSync(
    file,
    `const fs = require('node:fs');
const leave = (text) => {
  fs.writeFileSync(${JSON.stringify(path.join(temp, `${MARK}.part`))}, text);
  fs.renameSync(${JSON.stringify(path.join(temp, `${MARK}.part`))}, ${JSON.stringify(path.join(temp, MARK))});
};
exports.run = async () => {
  try {
    await require(${JSON.stringify(suite)}).run();
    leave('passed');
  } catch (error) {
    leave('failed: ' + (error && error.stack || error));
    throw error;
  }
};
`,
  );
  return file;
}

/**
 * Writes an extension that runs the shim by itself. The workbench trusts every workspace while it has an
 * `extensionTestsPath` (workspaceTrust.ts: calculateWorkspaceTrust), so a suite for an untrusted one needs another way in.
 */
export function writeCarrier(temp, shim) {
  const folder = path.join(temp, 'carrier');
  mkdirSync(folder);
  const manifest = {
    name: 'suite-carrier',
    publisher: 'grpo-lens',
    version: '0.0.1',
    engines: { vscode: '^1.90.0' },
    main: './main.js',
    activationEvents: ['onStartupFinished'],
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    path.join(folder, 'main.js'),
    `const fs = require('node:fs');
const { Console } = require('node:console');
const { Writable } = require('node:stream');
const said = ${JSON.stringify(path.join(temp, 'said'))};
exports.activate = () => {
  // The methods of the extension host's own console cannot be replaced; the console can.
  const stdout = new Writable({ write: (chunk, _encoding, done) => done(void fs.appendFileSync(said, chunk)) });
  globalThis.console = new Console({ stdout, stderr: stdout, colorMode: false });
  // A second extension host, started because the first died, must not run the suite again: the file exists then.
  fs.writeFileSync(${JSON.stringify(path.join(temp, 'pid'))}, String(process.pid), { flag: 'wx' });
  require(${JSON.stringify(shim)}).run().catch(() => undefined);
};
`,
  );
  return folder;
}

/** What the mark says: `passed`, `failed: …`, or nothing while there is none. */
export const readMark = (temp) => readIfThere(path.join(temp, MARK));

/**
 * Follows a carrier: prints what its suite says and resolves to the exit code once the mark is there, or once its
 * extension host is gone without one.
 */
export function followCarrier(temp) {
  let printed = 0;
  const printNew = () => {
    const said = readIfThere(path.join(temp, 'said')) ?? '';
    process.stdout.write(said.slice(printed));
    printed = said.length;
  };
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const pid = Number(readIfThere(path.join(temp, 'pid')));
      const gone = pid > 0 && !isAlive(pid);
      printNew();
      const mark = readMark(temp);
      if (!mark && !gone) return;
      clearInterval(timer);
      printNew();
      resolve(mark === 'passed' ? 0 : 1);
    }, 150);
  });
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}
