import { onTestFinished } from 'vitest';
import { Kernel } from '../../src/machine/kernel';
import type { Outcome } from '../../src/wire/kernel';
import { runnerOptions } from './pythons';

/** What came of a cell. */
export interface Ran {
  readonly outcome: Outcome;
  readonly out: string;
  readonly err: string;
  readonly shown: readonly Readonly<Record<string, unknown>>[];
}

let count = 0;

/** A kernel in this folder, until the test ends. */
export function start(python = 'python3'): Kernel {
  const kernel = new Kernel({ ...runnerOptions(python), cwd: process.cwd() });
  onTestFinished(() => kernel.dispose());
  return kernel;
}

/** Runs a cell: its outcome, its streams and what it displayed. */
export async function run(own: Kernel, code: string): Promise<Ran> {
  const texts = { stdout: '', stderr: '' };
  const shown: Record<string, unknown>[] = [];
  const following = [
    own.onStream(({ name, text }) => (texts[name] += text)),
    own.onDisplay(({ bundle }) => shown.push(bundle)),
  ];
  try {
    const outcome = await own.execute(code, ++count);
    return { outcome, out: texts.stdout, err: texts.stderr, shown };
  } finally {
    following.forEach((each) => each.dispose());
  }
}
