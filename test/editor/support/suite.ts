import { writeFileSync } from 'node:fs';
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
    mocha.run(resolve).on('pass', () => passed++);
  });
  writeFileSync(process.env.GRPO_LENS_REPORT ?? '', JSON.stringify({ passed, failed }));
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}
