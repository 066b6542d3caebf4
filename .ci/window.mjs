// One window of a real VS Code in which one suite of test files runs.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { freePort } from './freePort.mjs';
import { installHost } from './host/install.mjs';
import { place } from './host/place.mjs';
import { at, say } from './steps.mjs';

/** The report of a window in which no test ran. */
const nothing = { passed: 0, failed: 0, left: 0, failures: [] };

/** The executable of the editor: the one that was given, or the stand-in where a desktop cannot show a window. */
export async function editorExecutable() {
  if (process.env.VSCODE_TEST_EXECUTABLE) return process.env.VSCODE_TEST_EXECUTABLE;
  const desktop = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (desktop) return undefined;
  await installHost();
  return place.executable;
}

/**
 * Runs one suite of test files in a window of its own, on a fresh copy of `examples/` (or of the whole `checkout`) unless a
 * folder is given. With `dies` its extension host ends after the last test, and that its run fails is one test more; `killed`: it is
 * to be killed before its first test has ended.
 */
export async function runSuite({ name, files, untrusted = false, dies = false, extension = at(), ...more }) {
  const { env = {}, temp: given, workspace = 'examples', killed = false } = more;
  const executable = await editorExecutable();
  if (untrusted && executable !== place.executable) {
    console.warn(`Left out: ${name}. Desktop VS Code trusts every folder under test; only the stand-in does not.`);
    return nothing;
  }
  say(`editor, ${name}: ${files.length} files in ${executable ? path.basename(executable) : 'desktop VS Code'}`);
  const bundled = await bundle(name, files);
  const temp = given ?? mkdtempSync(path.join(os.tmpdir(), 'grpo-'));
  const report = at('.build/editor', `${name}.json`);
  rmSync(report, { force: true });
  let error;
  try {
    await open({
      executable,
      extension,
      temp,
      untrusted,
      workspace: path.join(temp, workspace),
      env: {
        ...env,
        GRPO_LENS_TESTS: JSON.stringify(bundled),
        GRPO_LENS_REPORT: report,
        ...(dies ? { GRPO_LENS_DIES: '1' } : {}),
      },
    });
  } catch (reason) {
    error = reason;
  } finally {
    if (!given) rmSync(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return judge({ name, dies, killed }, readReport(report), error);
}

/** What a window's report and the way it ended make of its suite. */
function judge({ name, dies, killed }, report, error) {
  if (report.failed > 0) return report;
  const ran = report.passed > 0;
  if (killed && error && !ran) {
    console.log('✔ the window was killed in the midst of it, as it was to be');
    return report;
  }
  if (dies && error && ran) {
    console.log('✔ the extension host died at the end, and the run failed, as it must');
    return { ...report, passed: report.passed + 1 };
  }
  if (!killed && !dies && !error && ran) return report;
  const message = error
    ? `the ${name} suite did not come to its end: ${error.message ?? error}`
    : `the window of ${name} ended as if all were well${ran ? '' : ', and no test ran'}`;
  console.error(`✗ ${message}`);
  return { ...report, failed: 1, failures: [...report.failures, { name, message }] };
}

async function open({ executable, extension, temp, untrusted, workspace, env }) {
  if (existsSync(workspace)) console.log('on the folders of the window before');
  else if (path.basename(workspace) === 'checkout') copyCheckout(workspace);
  else if (existsSync(at('examples'))) cpSync(at('examples'), workspace, { recursive: true });
  else mkdirSync(workspace);
  const port = await freePort();
  // The stand-in hands its environment on to the extension host; desktop VS Code takes `extensionTestsEnv`.
  const extensionTestsEnv = {
    ...env,
    GRPO_LENS_ROOT: at(),
    VSCODE_TEST_CDP: `http://127.0.0.1:${port}`,
    VSCODE_TEST_UNTRUSTED: untrusted ? '1' : '0',
    GRPO_LENS_HOME: path.join(temp, 'home'),
  };
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: extension,
    extensionTestsPath: at('.build/editor/suite.js'),
    extensionTestsEnv,
    launchArgs: [
      workspace,
      `--remote-debugging-port=${port}`,
      ...[`--user-data-dir=${path.join(temp, 'data')}`, `--extensions-dir=${path.join(temp, 'ext')}`],
    ],
  });
}

/** The files of the repository, with its packages but nothing that was built. */
function copyCheckout(folder) {
  const made = new Set(['node_modules', '.git', '.build', '.vscode-test', 'dist'].map((name) => at(name)));
  cpSync(at(), folder, { recursive: true, filter: (file) => !made.has(file) });
  symlinkSync(at('node_modules'), path.join(folder, 'node_modules'));
}

async function bundle(name, files) {
  const outdir = at('.build/editor', name);
  rmSync(outdir, { recursive: true, force: true });
  const common = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'playwright-core'],
    logLevel: 'warning',
  };
  await build({ ...common, entryPoints: files.map((file) => at(file)), outdir, outbase: at('test') });
  await build({ ...common, entryPoints: [at('test/editor/support/suite.ts')], outfile: at('.build/editor/suite.js') });
  return readdirSync(outdir, { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .map((file) => path.join(outdir, file))
    .sort();
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing;
}
