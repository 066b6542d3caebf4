import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Following } from '../../src/editor/following';
import type { Guard } from '../../src/editor/guard';
import { thisDisk } from '../../src/machine/disk';
import { readLog } from '../../src/machine/logText';
import { RunMetrics } from '../../src/machine/metrics';
import { OpenedRun } from '../../src/machine/openedRun';
import { adoptedLook, findOutputs, glance } from '../../src/machine/outputs';
import { runPanelGuards, type Curve, type RunOpening, type RunPanel } from '../../src/wire/runPanel';
import { serve, type Methods, type Served } from '../../src/wire/wire';
import { launch, stage } from '../webviews/support/stage';
import { milliseconds, type Figure } from './figure';

const RECORDED = readFileSync('examples/trl-count/output/stdout.log');
const LARGE = 100_000_000;

function made(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let large: string | undefined;

/** A folder with 100 MB of the recorded run's output, over and over. */
function largeRun(): string {
  if (large !== undefined) return large;
  large = made();
  const copies = Array.from({ length: Math.ceil(LARGE / RECORDED.length) }, () => RECORDED);
  writeFileSync(join(large, 'stdout.log'), Buffer.concat(copies).subarray(0, LARGE));
  return large;
}

let thousand: string | undefined;

/** A thousand output folders, each with the end of a real log. */
function thousandRuns(): string {
  if (thousand !== undefined) return thousand;
  thousand = made();
  for (let at = 0; at < 1000; at++) {
    const folder = join(thousand, `run-${at}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'stdout.log'), RECORDED.subarray(-40_000));
  }
  return thousand;
}

const ignored = {
  completions: () => null,
  log: () => null,
  firstError: () => null,
  open: () => null,
  keep: () => null,
};
const others: Omit<Methods<RunPanel>, 'hello'> = {
  ...ignored,
  act: () => null,
  configuration: () => [],
  find: () => ({ at: [], more: false }),
};

/** Opens the panel on a run, gives back how to tell it something and how to wait until it is drawn. */
async function panel(hello: Methods<RunPanel>['hello']) {
  const browser = await launch();
  let served: Served<RunPanel> | undefined;
  const { page } = await stage(browser, 'run', (port) => {
    served = serve<RunPanel>(port, runPanelGuards, { ...others, hello });
  });
  const line = 'figure[aria-label="Reward"] svg .mark-line path';
  await page.waitForSelector(line);
  return {
    tell: (news: RunOpening) => served?.tell('grown', news),
    drawn: (points: number) =>
      page.waitForFunction(
        ([path, count]) => document.querySelector(String(path))?.getAttribute('d')?.split('L').length === count,
        [line, points] as const,
      ),
    close: () => browser.close(),
  };
}

function curve(name: string, points: number): Curve {
  const steps = Array.from({ length: points }, (_, at) => at + 1);
  return { name, original: name, steps, values: steps.map((step) => Math.sin(step / 20)) };
}

/** What the page takes for one update of 100 curves of 1,000 points, from sending to the drawn chart. */
async function hundredSeries(): Promise<number> {
  const header = { name: 'bench', state: 'running', folder: '/bench', target: 'here', attempts: 1 } as const;
  const names = ['reward', 'kl', 'entropy', 'loss', 'grad_norm', 'learning_rate', 'step_time'];
  const all = [...names, ...Array.from({ length: 93 }, (_, at) => `other/${at}`)];
  const opening = (points: number): RunOpening => ({
    header,
    curves: all.map((name) => curve(name, points)),
    problems: [],
  });
  const shown = await panel(() => opening(1000));
  try {
    return await milliseconds(() => {
      shown.tell(opening(1001));
      return shown.drawn(1001);
    });
  } finally {
    await shown.close();
  }
}

/** From a line in the log to its point in the chart: followed as the editor follows, drawn in Chromium. */
async function lineToPoint(): Promise<number> {
  const folder = made();
  const log = join(folder, 'stdout.log');
  const line = (step: number): string =>
    `\r  1%|1 | ${step}/999 [00:01<00:09]\r{'loss': 0.1, 'reward': 0.${step}, 'learning_rate': 1e-06, 'epoch': 0.1}\n`;
  writeFileSync(log, line(1) + line(2) + line(3));
  const guard = { quietly: (_what: string, run: () => unknown) => run } as unknown as Guard;
  const run = new OpenedRun(adoptedLook(folder), [folder]);
  const following = new Following(run, (news) => shown.tell(news), guard);
  const shown = await panel(({ width }) => following.start(width));
  try {
    return await milliseconds(() => {
      appendFileSync(log, line(4));
      return shown.drawn(4);
    });
  } finally {
    following.dispose();
    await shown.close();
  }
}

export const figures: readonly Figure[] = [
  {
    name: '100 MB of log parsed',
    unit: 'ms',
    budget: 1000,
    run: () => milliseconds(() => new RunMetrics([largeRun()]).refresh()),
  },
  {
    name: '100 MB log opened at its end',
    unit: 'ms',
    budget: 300,
    run: () => milliseconds(() => readLog(thisDisk, join(largeRun(), 'stdout.log'))),
  },
  {
    name: '1,000 runs found and glanced at',
    unit: 'ms',
    budget: 500,
    run: () => milliseconds(async () => Promise.all((await findOutputs(thousandRuns())).map(glance))),
  },
  { name: 'one update of 100 curves of 1,000 points drawn', unit: 'ms', runs: 3, run: hundredSeries },
  { name: 'line written to point on screen', unit: 'ms', budget: 1000, runs: 3, run: lineToPoint },
];
