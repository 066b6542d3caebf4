import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The same numbers for the same seed, on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const WORDS =
  'the of and counting items small large cyan purple metallic rubber cube sphere cylinder there are no wait'.split(' ');

function words(next: () => number, count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(next() * WORDS.length)]).join(' ');
}

/** Rows of one group. */
const GROUP = 8;
/** Rows of one step. */
const STEP = 1024;
/** Texts are drawn from this many, so that making a gigabyte takes seconds. */
const DRAWN = 2000;

/**
 * A JSONL file of rollouts such as a trainer writes, made once and kept in the temporary folder: about 1.1 kB a row,
 * groups of 8, steps of 1,024, every 1,000th text with a rare word, in Unicode or escaped.
 */
export function rollouts(rows: number): string {
  const file = join(tmpdir(), `grpo-lens-bench-${rows}.jsonl`);
  if (existsSync(file) && statSync(file).size > rows * 1000) return file;
  const next = random(7);
  const texts = Array.from({ length: DRAWN }, () => words(next, 110 + Math.floor(next() * 40)));
  const handle = openSync(`${file}.part`, 'w');
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    lines.push(line(row, texts, next));
    if (lines.length === 5000 || row === rows - 1) writeSync(handle, lines.splice(0).join(''));
  }
  closeSync(handle);
  renameSync(`${file}.part`, file);
  return file;
}

function line(row: number, texts: readonly string[], next: () => number): string {
  const text = texts[Math.floor(next() * DRAWN)] ?? '';
  const rare = row % 1000 === 17 ? (row % 2000 === 17 ? 'réflexion zebra' : 'r\\u00e9flexion zebra') : 'plain';
  const [correct, format] = [next() < 0.5 ? 1 : 0, next() < 0.9 ? 1 : 0];
  const prompt = `user\\n${(texts[Math.floor(row / GROUP) % DRAWN] ?? '').slice(0, 200)}\\nassistant\\n`;
  const completion = `<think> \\"${rare}\\" ${text}</think>\\n<answer>${Math.floor(next() * 10)}</answer>`;
  const scores = `"accuracy_reward": ${correct}.0, "format_reward": ${format}.0, "length_reward": ${next()}`;
  const advantage = `"advantage": ${(next() * 4 - 2).toFixed(16)}, "solution": "<answer> 3 </answer>"`;
  return `{"step": ${1 + Math.floor(row / STEP)}, "prompt": "${prompt}", "completion": "${completion}", ${scores}, ${advantage}}\n`;
}
