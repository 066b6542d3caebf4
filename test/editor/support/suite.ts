import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { thorough } from '../../support/thorough';

/** What VS Code calls: runs the bundled tests of this suite and writes down how many passed and failed, and which failed. */
export async function run(): Promise<void> {
  const files = JSON.parse(process.env.GRPO_LENS_TESTS ?? '[]') as string[];
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    color: false,
    timeout: 60_000,
    retries: process.env.CI ? 1 : 0,
    forbidOnly: true,
    forbidPending: thorough,
  });
  for (const file of files) mocha.addFile(file);
  let again = false;
  mocha.suite.afterEach('a second try begins like the first', async () => {
    if (again) await putBack().catch((error: unknown) => console.warn('not all was put back:', error));
    again = false;
  });
  const sum = { passed: 0, failed: 0, left: 0, failures: [] as Failure[] };
  sum.failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve).on('pass', () => sum.passed++);
    runner.on('pending', () => sum.left++);
    runner.on('fail', (test, error) => sum.failures.push(failure(test, error)));
    runner.on('retry', (test, error) => {
      sum.failures.push({ ...failure(test, error), again: true });
      again = true;
    });
    if (process.env.GRPO_LENS_DELAYS) tellDelays(runner);
  });
  writeFileSync(process.env.GRPO_LENS_REPORT ?? '', JSON.stringify(sum));
  if (sum.failed > 0) throw new Error(`${sum.failed} tests failed.`);
  if (process.env.GRPO_LENS_DIES) die();
}

/** What is said once more at the end of a long run; `again`: the test was tried once more. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly again?: boolean;
}

function failure(test: Mocha.Runnable, error: Error): Failure {
  return { name: test.fullTitle(), message: error.stack ?? error.message };
}

/** What a journey left that failed in its midst: questions, notifications, edits. */
async function putBack(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  await vscode.commands.executeCommand('notifications.clearAll');
  for (const document of vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && uri.scheme === 'file',
  )) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
}

/** In the ways of which a workbench makes a success: as if all were well, and killed. */
function die(): void {
  if (vscode.workspace.isTrusted) process.exit(0);
  process.kill(process.pid, 'SIGKILL');
}

/** Says after each test how long this extension host was blocked at the longest. */
function tellDelays(runner: Mocha.Runner): void {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  runner.on('test end', () => {
    console.log(
      `      blocked at the longest: ${Math.round(delay.max / 1e6)} ms, p99 ${Math.round(delay.percentile(99) / 1e6)} ms`,
    );
    delay.reset();
  });
}
