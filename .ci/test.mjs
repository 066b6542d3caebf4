// `npm test`: installs what is missing, builds, runs the layers, sums them up in the last line.
// `node .ci/test.mjs unit machine` runs only those.
import { installPackages } from './packages.mjs';
import { at, run, say, stop } from './steps.mjs';
import { installSystemPackages } from './system.mjs';

const NAMES = ['unit', 'machine', 'faults', 'python', 'webviews', 'editor', 'frameworks', 'long'];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) stop(`There is no layer ${unknown.join(', ')}; there are ${NAMES.join(', ')}.`, 2);
const began = Date.now();

await installPackages();
// Only now, since these need the packages.
const { STANDARD, runLayer } = await import('./layers.mjs');
const names = wanted.length > 0 ? wanted : STANDARD;
await installSystemPackages(names);
say('building');
if ((await run(process.execPath, [at('.ci/build.mjs')])) !== 0) stop('The build failed: see above.');

const sum = { passed: 0, failed: 0 };
const lines = [];
for (const name of names) {
  const start = Date.now();
  const { passed, failed } = await runLayer(name);
  sum.passed += passed;
  sum.failed += failed;
  lines.push(
    `${failed > 0 ? '✗' : '✔'} ${name}: ${passed} passed, ${failed} failed, ${Math.round((Date.now() - start) / 1000)} s`,
  );
}
console.log(`\n${lines.join('\n')}\n${Math.round((Date.now() - began) / 1000)} s in all`);
if (sum.passed === 0) sum.failed = Math.max(sum.failed, 1);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;
