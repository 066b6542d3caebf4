// `npm run bench [NAME …] [-- --json]`: the median of several runs of every figure in test/speed, and of the house's own.
import { build } from 'esbuild';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPeer } from './peer/install.mjs';
import { at, run, say, speakAside, stop } from './steps.mjs';

const json = process.argv.includes('--json');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const writeFigure = json ? speakAside() : undefined;

const benches = [...benchFiles(), { name: 'house', file: at('.ci/figures.mjs') }];
const chosen = benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (chosen.length === 0)
  stop(`There is no bench ${wanted.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}.`, 2);
say('building');
if (chosen.some(({ name }) => name === 'config')) await installPeer();
if ((await run(process.execPath, [at('.ci/build.mjs')])) !== 0) stop('The build failed: see above.');

for (const { file } of chosen) {
  const { figures, end } = await import(file.endsWith('.ts') ? await bundle(file) : file);
  for (const figure of figures) show(await measure(figure));
  end?.();
}

function benchFiles() {
  const folder = at('test/speed');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.bench.ts')) : [];
  return files.sort().map((file) => ({ name: file.replace('.bench.ts', ''), file: path.join(folder, file) }));
}

async function bundle(file) {
  const outfile = at('.build/speed', `${path.basename(file, '.ts')}.mjs`);
  const common = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [{ name: 'places', setup: atTheirPlaces }],
  };
  await build({ ...common, entryPoints: [file], outfile });
  return outfile;
}

/** A file of the tests knows its own place in the bundle too: what lies beside it is found. */
function atTheirPlaces(bundling) {
  bundling.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path: file }) => ({
    contents: readFileSync(file, 'utf8')
      .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)),
    loader: 'ts',
  }));
}

async function measure(figure) {
  const own = await several(figure.run.bind(figure), figure.runs ?? 5);
  const peer = figure.peer && (await several(figure.peer.run.bind(figure.peer), figure.runs ?? 5));
  const within = figure.budget === undefined || own.median <= figure.budget;
  const beats = !peer || figure.peer.most === undefined || own.median <= figure.peer.most * peer.median;
  return { figure, own, peer, ok: within && beats };
}

async function several(work, runs) {
  const values = [];
  for (let i = 0; i < runs; i++) values.push(await work());
  values.sort((a, b) => a - b);
  return { median: values[Math.floor(values.length / 2)], least: values[0], most: values.at(-1) };
}

function show({ figure, own, peer, ok }) {
  if (!ok) process.exitCode = 1;
  const { name, unit, budget } = figure;
  const value = Number(own.median.toPrecision(4));
  const ratio = peer ? Number((own.median / peer.median).toPrecision(3)) : null;
  if (writeFigure) {
    const line = { name, value, unit, budget: budget ?? null, ok, peer: figure.peer?.name ?? null, ratio };
    return void writeFigure(`${JSON.stringify(line)}\n`);
  }
  const range = `${own.least.toPrecision(3)}–${own.most.toPrecision(3)}`;
  const against = peer ? `, ${ratio} × ${figure.peer.name}` : '';
  console.log(`${ok ? '✔' : '✗'} ${name}: ${value} ${unit} (${range})${budget ? ` of ${budget}` : ''}${against}`);
}
