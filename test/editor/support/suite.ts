import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Mocha from 'mocha';

/** What VS Code calls: runs the bundled tests of this suite and writes down how many passed and failed. */
export async function run(): Promise<void> {
  const files = JSON.parse(process.env.GRPO_LENS_TESTS ?? '[]') as string[];
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    color: false,
    timeout: 60_000,
    retries: process.env.CI ? 1 : 0,
    forbidOnly: true,
    forbidPending: true,
  });
  for (const file of files) mocha.addFile(file);
  let passed = 0;
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve).on('pass', () => passed++);
    if (process.env.GRPO_LENS_DELAYS) tellDelays(runner);
  });
  writeFileSync(process.env.GRPO_LENS_REPORT ?? '', JSON.stringify({ passed, failed }));
  if (failed > 0) throw new Error(`${failed} tests failed.`);
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
