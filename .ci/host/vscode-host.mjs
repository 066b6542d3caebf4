#!/usr/bin/env node
// A stand-in for desktop VS Code's executable: the same command line, carried out by code-server (a real extension host)
// and a headless Chromium (the real workbench).
//
//   vscode-host.mjs [folder] --extensionDevelopmentPath=DIR [--extensionTestsPath=FILE] [--remote-debugging-port=N] …
//   vscode-host.mjs --install-extension FILE | --uninstall-extension ID | --list-extensions | --version
//
// Without tests it prints `READY {json}` and runs until it is told to end. VSCODE_TEST_UNTRUSTED=1 opens the folder
// untrusted, VSCODE_HOST_TIMEOUT_MS bounds a run of tests (twenty minutes), VSCODE_HOST_VERBOSE=1 shows code-server's log.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../freePort.mjs';
import { parse } from './arguments.mjs';
import { develop, holdStill, listenToTests, ORIGIN, startBrowser, workbench } from './browser.mjs';
import { openCache } from './cache.mjs';
import { followCarrier, readMark, writeCarrier, writeShim } from './mark.mjs';
import { administer, startServer } from './server.mjs';
import { writeSettings } from './settings.mjs';

const command = parse(process.argv.slice(2));
const untrusted = process.env.VSCODE_TEST_UNTRUSTED === '1';
const temp = mkdtempSync(path.join(os.tmpdir(), 'vsh-'));
const userData = command.userData ?? path.join(temp, 'data');
const extensions = command.extensions ?? path.join(temp, 'ext');
const parts = {};
let ending = false;

/** Ends everything that was started, then the process. */
async function finish(code, why) {
  if (ending) return;
  ending = true;
  if (why) console.error(`[vscode-host] ${why}`);
  setTimeout(() => process.exit(code || 1), 15_000).unref();
  await parts.context?.close().catch((error) => console.error(`[vscode-host] Chromium: ${error.message}`));
  parts.cache?.keep();
  await parts.server?.stop();
  rmSync(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.exit(code);
}

async function openWindow() {
  writeSettings(userData, { untrusted });
  const debuggingPort = command.debuggingPort || (await freePort());
  const cdp = `http://127.0.0.1:${debuggingPort}`;
  parts.server = await startServer({ temp, userData, extensions, untrusted, env: { VSCODE_TEST_CDP: cdp } });
  void parts.server.ended.then((how) => finish(1, `code-server ended (${how})`));
  parts.cache = openCache(temp);
  const { context, page } = await startBrowser({
    ...{ temp, debuggingPort },
    ...{ server: parts.server.origin, cache: parts.cache.folder },
  });
  parts.context = context;
  context.on('close', () => finish(1, 'Chromium ended'));
  page.on('crash', () => finish(1, 'the window crashed'));
  page.on('close', () => finish(1, 'the window was closed'));
  await listenToTests(page, testsEnded);
  await holdStill(context);
  await develop(page, developed(), new URL(ORIGIN).host);
  const url = workbench(command);
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 60_000 });
  if (!command.testsPath) console.log(`READY ${JSON.stringify({ url, cdp, userData, extensions })}`);
}

/** What the window develops and tests; starts to wait for the end of the tests. */
function developed() {
  if (!command.testsPath) return { extensions: command.development };
  const limit = Number(process.env.VSCODE_HOST_TIMEOUT_MS ?? 1_200_000);
  setTimeout(() => finish(124, `the tests did not end within ${limit / 1000} s`), limit).unref();
  const shim = writeShim(temp, command.testsPath);
  if (!untrusted) return { extensions: command.development, testsPath: shim };
  void followCarrier(temp).then((code) => testsEnded(code));
  return { extensions: [...command.development, writeCarrier(temp, shim)] };
}

function testsEnded(code) {
  const mark = readMark(temp);
  if (mark === undefined) return finish(1, 'the extension host ended before its tests did');
  return finish(mark === 'passed' ? code : code || 1);
}

if (command.administers) {
  const code = administer({ temp, userData, extensions, words: command.administers });
  rmSync(temp, { recursive: true, force: true });
  process.exit(code);
}
const parent = process.ppid;
setInterval(() => process.ppid !== parent && finish(1, 'the process that started this one is gone'), 1000).unref();
process.on('SIGINT', () => finish(130));
process.on('SIGTERM', () => finish(143));
process.on('SIGHUP', () => finish(129));
process.on('uncaughtException', (error) => finish(1, error.stack));
process.on('unhandledRejection', (error) => finish(1, error?.stack ?? String(error)));
await openWindow();
