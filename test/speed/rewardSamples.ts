import type { Samples } from '../../src/machine/rewards/rewards';

const THINK = 'Let me look at the picture first; the object on the left is near the door, so I move step by step. ';
const WAYS = ['up', 'down', 'left', 'right'] as const;
const BATCH = 128;

/** Numbers from 0 to 1 that are the same on every machine. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Completions of 150 to 700 characters: half choose a letter, half go through a maze, some of them wrongly. */
export function samples(rows: number): Samples {
  const next = chance(rows);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const completion: string[] = [];
  const solution: string[] = [];
  for (let row = 0; row < rows; row++) {
    const think = `<think>${THINK.repeat(1 + Math.floor(next() * 4))}</think>\n`;
    const letter = pick(['A', 'B', 'C', 'D']);
    const path = Array.from({ length: 4 + Math.floor(next() * 10) }, () => pick(WAYS));
    const given = path.map((way) => (next() < 0.2 ? pick(WAYS) : way));
    const shown = next() < 0.5 ? JSON.stringify(given) : `[${given.join(', ')}]`;
    const answer = pick([letter, letter, pick(['A', 'B', 'C', 'D']), `${letter}. the door`]);
    completion.push(`${think}<answer>${row % 2 ? shown : answer}</answer>`);
    solution.push(row % 2 ? JSON.stringify(path) : `<answer>${letter}</answer>`);
  }
  const batches = Array.from({ length: Math.ceil(rows / BATCH) }, (_, at) => {
    return [at * BATCH, Math.min(rows, at * BATCH + BATCH)] as const;
  });
  return { id: `bench-${rows}`, columns: { completion, solution }, batches };
}

/** The same as lines of JSON, a step for each batch. */
export function sampleLines(rows: number): string {
  const { columns } = samples(rows);
  const lines = Array.from({ length: rows }, (_, row) => {
    const values = Object.entries(columns).map(([name, values]) => [name, values[row]]);
    return JSON.stringify({ step: Math.floor(row / BATCH), prompt: `${row >> 3}`, ...Object.fromEntries(values) });
  });
  return `${lines.join('\n')}\n`;
}
