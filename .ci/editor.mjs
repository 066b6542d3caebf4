// The editor layer: suites that run inside a real VS Code, one window after the other.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { forget, keep, tell } from './failures.mjs';
import { frameworksPython } from './frameworks.mjs';
import { at } from './steps.mjs';
import { runSuite } from './window.mjs';

const apart = ['untrusted', 'reopened', 'developed', 'frameworks'].map((name) => `test/editor/${name}/`);

/** `dies`: at its end the extension host ends, as if all were well, which must fail a run whose tests all passed. */
const suites = [
  {
    name: 'trusted',
    files: () => tests('test/editor').filter((file) => !apart.some((at) => file.startsWith(at))),
    dies: true,
  },
  {
    name: 'reopened',
    files: () => tests('test/editor/reopened'),
    before: 'test/editor/reopened/killed.ts',
    fault: 'launcher:9',
    // Two windows more; the layer `faults` kills what launches and watches in every place.
    left: !process.env.CI,
  },
  { name: 'untrusted', files: () => tests('test/editor/untrusted'), untrusted: true, dies: true },
  { name: 'developed', files: () => tests('test/editor/developed'), workspace: 'checkout', left: !process.env.CI },
];

/** Journeys that need packages from PyPI, with the Python that has them: a part of the layer `frameworks`. */
export async function editorWith(python) {
  const files = tests('test/editor/frameworks');
  return runSuite({ name: 'frameworks', files, env: { GRPO_LENS_TEST_PYTHON: python, GRPO_LENS_THOROUGH: '1' } });
}

/** Runs every suite, or the files whose path holds one of `words`; resolves to `{ passed, failed, left, failures }`. */
export async function editor(words = []) {
  const all = words.length === 0;
  const wanted = (file) => all || words.some((word) => file.includes(word));
  const sum = { passed: 0, failed: 0, left: 0, failures: [] };
  for (const suite of suites) {
    const files = suite.files().filter(wanted);
    if (files.length === 0) continue;
    if (all && suite.left) {
      console.log(`\nLeft to CI: the suite ${suite.name}. CI=1 runs it, or: node .ci/editor.mjs ${suite.name}`);
      continue;
    }
    // Who asks for a journey by its name gets it, whether it is for CI or not.
    const env = all ? {} : { GRPO_LENS_THOROUGH: '1' };
    const run = { ...suite, files, env, dies: all && suite.dies };
    const { passed, failed, left, failures } = await (suite.before ? runReopened(run) : runSuite(run));
    sum.failures.push(...failures);
    sum.passed += passed;
    sum.failed += failed;
    sum.left += left;
  }
  return sum;
}

/**
 * A window that dies by kill -9 in the midst of `before`, then the suite in a second window on the same folders. `fault`:
 * the operation of the host's program at which the extension host and the editor's server are killed.
 */
async function runReopened({ name, files, before, fault, env = {} }) {
  const temp = mkdtempSync(path.join(os.tmpdir(), 'grpo-'));
  try {
    const killed = await runSuite({
      name: `${name}-before`,
      files: [before],
      temp,
      env: { GRPO_LENS_FAULT: fault, GRPO_LENS_FAULT_OF: 'parents' },
      killed: true,
    });
    if (killed.failed > 0) return killed;
    return await runSuite({ name, files, temp, env });
  } finally {
    leave(temp);
  }
}

/** Removes a folder; where a test failed, a training may still write into it. */
function leave(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (error) {
    console.warn(`${folder} could not be removed: ${error.message}`);
  }
}

function tests(folder) {
  if (!existsSync(at(folder))) return [];
  const found = readdirSync(at(folder), { recursive: true }).map((file) => path.join(folder, file));
  return found.filter((file) => file.endsWith('.test.ts')).sort();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const words = process.argv.slice(2);
  const needy = words.join() === 'frameworks';
  forget('editor');
  const { passed, failed, failures } = needy ? await editorWith(await frameworksPython()) : await editor(words);
  keep('editor', failures);
  tell(['editor']);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
