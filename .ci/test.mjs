// `npm test`: installs what is missing, builds, runs the layers in lanes beside each other, sums them up in the last line.
// `node .ci/test.mjs unit machine` runs only those, one after the other.
import { tell } from './failures.mjs';
import { installPackages } from './packages.mjs';
import { at, capture, run, say, stop } from './steps.mjs';
import { installSystemPackages } from './system.mjs';

/** What `npm test` runs: layers that wait beside layers that draw, so that two cores are kept busy to the end. */
const LANES = [['editor'], ['machine'], ['webviews', 'faults', 'python', 'unit']];
/** The first lane is the longest: the others take what it leaves. */
const BEHIND = 3;
const NAMES = [...LANES.flat(), 'frameworks', 'long'];
const LANE = '--lane';
const inLane = process.argv[2] === LANE;
const wanted = process.argv.slice(inLane ? 3 : 2);
const unknown = wanted.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) stop(`There is no layer ${unknown.join(', ')}; there are ${NAMES.join(', ')}.`, 2);
const began = Date.now();

if (!inLane) await prepare(wanted.length > 0 ? wanted : LANES.flat());
/** In CI one layer after the other: its machines are slower, and what is measured there shall not depend on its neighbours. */
const results =
  wanted.length > 0 || process.env.CI
    ? await oneByOne(wanted.length > 0 ? wanted : LANES.flat())
    : (await Promise.all(LANES.map((names, at) => lane(names, at > 0 ? BEHIND : 0)))).flat();
const sum = { passed: 0, failed: 0 };
for (const { passed, failed } of results) {
  sum.passed += passed;
  sum.failed += failed;
}
if (sum.passed === 0) sum.failed = Math.max(sum.failed, 1);
if (!inLane) tell(results.map(({ name }) => name));
console.log(`\n${results.map(line).join('\n')}`);
if (!inLane) console.log(`${seconds(began)} s in all\n${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;

async function prepare(layers) {
  await installPackages();
  // Some journeys in the editor belong to the layer `frameworks`.
  const drawn = layers.includes('editor') || layers.includes('frameworks');
  await installSystemPackages(drawn ? [...layers, 'editor'] : layers);
  if (drawn) await (await import('./window.mjs')).editorExecutable();
  say('building');
  if ((await run(process.execPath, [at('.ci/build.mjs')])) !== 0) stop('The build failed: see above.');
}

async function oneByOne(names) {
  const { runLayer } = await import('./layers.mjs');
  const done = [];
  for (const name of names) {
    const start = Date.now();
    done.push({ name, ...(await runLayer(name)), seconds: seconds(start) });
  }
  return done;
}

/** Layers one after the other in a process of their own; what they say is shown when they have ended. */
async function lane(names, priority) {
  say(`${names.join(', then ')}: begun`);
  const { code, out } = await capture(process.execPath, [at('.ci/test.mjs'), LANE, ...names], { priority });
  process.stdout.write(out);
  const found = names.map((name) =>
    new RegExp(`^[✔✗] ${name}: (\\d+) passed, (\\d+) failed, (\\d+) s$`, 'm').exec(out),
  );
  return names.map((name, index) => {
    const [, passed, failed, seconds] = found[index] ?? [];
    const ended = passed !== undefined && (code === 0 || found.some((other) => Number(other?.[2]) > 0));
    return { name, passed: Number(passed ?? 0), failed: ended ? Number(failed) : 1, seconds: Number(seconds ?? 0) };
  });
}

function line({ name, passed, failed, seconds }) {
  return `${failed > 0 ? '✗' : '✔'} ${name}: ${passed} passed, ${failed} failed, ${seconds} s`;
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}
