import { endBrowser } from '../webviews/support/browser';
import { fromPython, notebookStage } from '../webviews/support/notebookStage';
import { Kernel } from '../../src/machine/kernel';
import { outputTypes } from '../../src/wire/notebook';
import { pythons, runnerOptions } from '../machine/pythons';
import type { Figure } from './figure';

const CODE = `
texts = [f"<think>I count {i % 7} items, one by one, and say so at some length.</think><answer> {i % 7} </answer>" for i in range(10_000)]
scores = [float(i % 7 == i // 8 % 7) + i % 97 / 1000 for i in range(10_000)]`;
const SHOW = 'show(texts, scores, prompts=[f"Scene {i // 8}" for i in range(10_000)], group_size=8';

/** Milliseconds until the browser has painted the output in a page that has drawn one before, as in a notebook. */
async function drawn(limit: string): Promise<number> {
  try {
    const { draw } = await notebookStage();
    const data = fromPython(CODE, `${SHOW}${limit})`)[outputTypes.completions];
    await draw('first', outputTypes.completions, data);
    return await draw('second', outputTypes.completions, data);
  } finally {
    await endBrowser();
  }
}

/** Runs `work` with a kernel that has run a cell. */
async function withKernel(work: (kernel: Kernel) => Promise<number>): Promise<number> {
  const kernel = start();
  try {
    await kernel.ready();
    await kernel.execute('import time', 1);
    return await work(kernel);
  } finally {
    kernel.dispose();
  }
}

function start(): Kernel {
  return new Kernel({ ...runnerOptions(pythons().at(-1) ?? 'python3'), cwd: process.cwd() });
}

async function interrupted(code: string): Promise<number> {
  return withKernel(async (kernel) => {
    const running = kernel.execute(code, 2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const began = performance.now();
    kernel.interrupt();
    await running;
    return performance.now() - began;
  });
}

async function restarted(): Promise<number> {
  return withKernel(async (kernel) => {
    const began = performance.now();
    kernel.dispose();
    const next = start();
    await next.ready();
    await next.execute('1', 1);
    const took = performance.now() - began;
    next.dispose();
    return took;
  });
}

export const figures: readonly Figure[] = [
  { name: 'notebook: output of 10,000 completions drawn', unit: 'ms', budget: 300, runs: 3, run: () => drawn('') },
  {
    name: 'notebook: 10,000 rows kept in the output, drawn',
    unit: 'ms',
    budget: 300,
    runs: 3,
    run: () => drawn(', limit=10_000'),
  },
  {
    name: 'notebook: what 10,000 completions add to the file',
    unit: 'kB',
    budget: 1300,
    runs: 1,
    run: async () => JSON.stringify(fromPython(CODE, `${SHOW})`)).length / 1000,
  },
  { name: 'notebook: restart', unit: 'ms', budget: 1000, run: restarted },
  {
    name: 'notebook: interrupt of an endless cell',
    unit: 'ms',
    budget: 1000,
    run: () => interrupted('while True: pass'),
  },
  {
    name: 'notebook: interrupt of time.sleep(1000)',
    unit: 'ms',
    budget: 1000,
    run: () => interrupted('time.sleep(1000)'),
  },
];
