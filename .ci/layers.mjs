// The layers of the tests: how each is found, prepared and run. Every layer answers `{ passed, failed, failures }`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { editor, editorWith } from './editor.mjs';
import { forget, inReport, inUnittest, keep } from './failures.mjs';
import { frameworksPython, swiftPython } from './frameworks.mjs';
import { pythons } from './pythons.mjs';
import { ask, at, run, say } from './steps.mjs';
import { chromium } from './system.mjs';

/** Runs one layer. A layer that has test files but ran none of their tests counts as failed. */
export async function runLayer(name) {
  const files = testsOf(name);
  if (files.length === 0) {
    console.warn(`\n! The layer "${name}" has no test file yet.`);
    return { passed: 0, failed: 0 };
  }
  forget(name);
  const { passed, failed, skipped = 0, left = 0, failures = [] } = await runners[name](name);
  keep(name, failures);
  if (skipped > 0) console.warn(`! ${name}: ${skipped} tests were skipped${process.env.CI ? '' : ' or left to CI'}.`);
  if (!process.env.CI && FEWER[name]) console.log(`${name}: ${FEWER[name]}; CI=1 runs them all.`);
  if (left > 0) console.log(`${name}: ${left} tests are left to CI; CI=1 runs them.`);
  const nothing = passed + failed === 0;
  if (nothing) console.error(`✗ ${name}: there are ${files.length} test files, but no test ran.`);
  return { passed, failed: failed + (nothing ? 1 : 0) };
}

/** What these layers repeat less often where people wait (`test/support/thorough.ts`). */
const FEWER = {
  machine:
    'one Python, 40 of 200 hostile words for git, four of six ways to hang, fewer chance records and Slurm signals',
  faults: 'one delay of two, three of eight moments and three chance kills of twelve',
};

const runners = {
  unit: vitest,
  machine: vitest,
  faults: vitest,
  webviews: vitest,
  long: vitest,
  python: unittest,
  editor: () => editor(),
  frameworks: async (name) => {
    const python = await frameworksPython();
    const env = { GRPO_LENS_TEST_PYTHON: python, GRPO_LENS_TEST_SWIFT: await swiftPython() };
    const [plain, drawn] = [await vitest(name, env), await editorWith(python)];
    return {
      passed: plain.passed + drawn.passed,
      failed: plain.failed + drawn.failed,
      skipped: plain.skipped,
      failures: [...plain.failures, ...drawn.failures],
    };
  },
};

function testsOf(name) {
  const folder = at('test', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true }).filter((file) => /\.test\.tsx?$|(^|\/)test_[^/]*\.py$/.test(file));
}

async function vitest(name, env = {}) {
  say(`${name} tests`);
  const report = at('.build/reports', `${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const args = ['run', '--config', '.ci/vitest.config.mjs', '--project', name];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(at('node_modules/.bin/vitest'), [...args, ...reporters], {
    env: { GRPO_LENS_CHROMIUM: chromium() ?? '', NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
  });
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: [] };
  const sum = JSON.parse(readFileSync(report, 'utf8'));
  // A file that cannot be loaded, or an error outside of tests, fails the run without a failed test.
  const unseen = code !== 0 && sum.numFailedTests === 0 ? 1 : 0;
  const counts = { passed: sum.numPassedTests, failed: sum.numFailedTests + unseen, skipped: sum.numPendingTests };
  return { ...counts, failures: inReport(sum) };
}

async function unittest() {
  const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const { version, file } of pythons()) {
    say(`python tests in Python ${version}`);
    const args = ['-W', 'error::SyntaxWarning', '-m', 'unittest', 'discover', '-s', 'test/python', '-t', 'test/python'];
    const env = { PYTHONPATH: at('python'), PYTHONDONTWRITEBYTECODE: '1' };
    const { code, err, out } = ask(file, args, { env });
    process.stderr.write(out + err);
    const { ran, bad, skipped } = countUnittest(err);
    if (ran === 0) console.error(`✗ Python ${version} ended with code ${code} before its tests did.`);
    const failed = code === 0 ? 0 : Math.max(bad, 1);
    sum.passed += Math.max(ran - bad - skipped, 0);
    sum.failed += failed + (ran === 0 && failed === 0 ? 1 : 0);
    sum.skipped += skipped;
    sum.failures.push(...inUnittest(err).map((one) => ({ ...one, name: `Python ${version}: ${one.name}` })));
  }
  return sum;
}

/** The sums in unittest's last lines: `Ran 12 tests in …`, `FAILED (failures=1, errors=2, skipped=3)`. */
function countUnittest(text) {
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  const bad = number(/\bfailures=(\d+)/) + number(/\berrors=(\d+)/) + number(/unexpected successes=(\d+)/);
  return { ran: number(/^Ran (\d+) tests?/m), bad, skipped: number(/\bskipped=(\d+)/) };
}
