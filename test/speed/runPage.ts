import type { Curve, RunOpening, RunPanel } from '../../src/wire/runPanel';
import { runPanelGuards } from '../../src/wire/runPanel';
import { serve, type Methods, type Served } from '../../src/wire/wire';
import { endBrowser } from '../webviews/support/browser';
import { stage } from '../webviews/support/stage';

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
export async function panel(hello: Methods<RunPanel>['hello']) {
  let served: Served<RunPanel> | undefined;
  const { page } = await stage({
    bundle: 'run',
    start: (port) => {
      served = serve<RunPanel>(port, runPanelGuards, { ...others, hello });
    },
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
    close: () => endBrowser(),
  };
}

export function curve(name: string, points: number): Curve {
  const steps = Array.from({ length: points }, (_, at) => at + 1);
  return { name, original: name, steps, values: steps.map((step) => Math.sin(step / 20)) };
}
