// Every step of CI; each is one passed or failed, a layer of tests as many as it has tests. The last line is the sum.
import { spawn } from 'node:child_process';
import { forget, keep, layersKept, tell } from './failures.mjs';
import { at, say } from './steps.mjs';

const sum = { passed: 0, failed: 0 };
const lines = [];
forget('ci');

await step('check', ['.ci/check.mjs']);
await step('build', ['.ci/build.mjs']);
await step('test', ['.ci/test.mjs'], { layers: true });
await step('test:frameworks', ['.ci/test.mjs', 'frameworks'], { layers: true });
await step('package', ['.ci/package.mjs']);
await step('install and activate', ['.ci/start.mjs', '--check']);

tell(layersKept());
console.log(`\n${lines.join('\n')}\n${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;

async function step(name, args, { layers = false } = {}) {
  say(`CI: ${name}`);
  const start = Date.now();
  const { code, out, said } = await runAndListen(args.map((word, index) => (index === 0 ? at(word) : word)));
  if (code !== 0 && !layers) keep('ci', [{ name, message: said.trimEnd().split('\n').slice(-12).join('\n') }]);
  const { passed, failed } = (layers && lastSum(out)) || { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  sum.passed += passed;
  sum.failed += Math.max(failed, code === 0 ? 0 : 1);
  lines.push(
    `${code === 0 ? '✔' : '✗'} ${name}: ${passed} passed, ${failed} failed, ${Math.round((Date.now() - start) / 1000)} s`,
  );
}

/** Runs a script with its words shown; keeps the last of them: `out` of its standard output, `said` of both. */
function runAndListen(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: at(), stdio: ['ignore', 'pipe', 'pipe'] });
    const kept = { out: '', said: '' };
    const listen = (from, to, names) =>
      from.on('data', (data) => {
        to.write(data);
        for (const name of names) kept[name] = (kept[name] + data).slice(-10_000);
      });
    listen(child.stdout, process.stdout, ['out', 'said']);
    listen(child.stderr, process.stderr, ['said']);
    child.on('close', (code) => resolve({ code: code ?? 1, ...kept }));
  });
}

function lastSum(out) {
  const found = /(\d+) passed, (\d+) failed\s*$/.exec(out);
  return found ? { passed: Number(found[1]), failed: Number(found[2]) } : undefined;
}
