// A small, true part of the recorded runs for dist/sample: an installed extension has something real to show.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const PICTURES = 8;

/** Copies rewards, arguments, curves, and the completions of the first and last two steps of both runs into `to`. */
export async function makeSample(to) {
  const text = await copyRun('trl-count', to);
  const prompts = await promptsOf(text);
  writeDataset('trl-count', to, ({ prompt }) => prompts.some((seen) => seen.includes(prompt.at(-1).content)));
  await copyRun('trl-vl-count', to);
  const pictures = writeDataset('trl-vl-count', to, (_, index) => index < PICTURES);
  for (const { image } of pictures) copy(join('trl-vl-count', image), to);
}

async function copyRun(name, to) {
  const folder = join(name, 'output', 'completions');
  const files = readdirSync(join('examples', folder)).sort();
  const kept = [...files.slice(0, 2), ...files.slice(-2)].map((file) => join(folder, file));
  for (const file of [
    join(name, 'rewards.py'),
    ...['args.json', 'trainer_state.json', 'gpu.csv'].map((file) => join(name, 'output', file)),
    ...kept,
  ])
    copy(file, to);
  return kept.map((file) => join('examples', file));
}

async function promptsOf(files) {
  const read = async (file) =>
    parquetReadObjects({ file: await asyncBufferFromFile(file), columns: ['prompt'], compressors });
  const rows = (await Promise.all(files.map(read))).flat();
  return [...new Set(rows.map(({ prompt }) => prompt))];
}

function writeDataset(name, to, keep) {
  const lines = readFileSync(join('examples', name, 'dataset.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const records = lines.map((line) => JSON.parse(line)).filter(keep);
  writeFileSync(join(to, name, 'dataset.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return records;
}

function copy(file, to) {
  mkdirSync(dirname(join(to, file)), { recursive: true });
  cpSync(join('examples', file), join(to, file));
}
