import { endBrowser } from '../webviews/support/browser';
import { stage } from '../webviews/support/stage';
import { LiveTable } from '../../src/machine/table/live';
import { completionsPanelGuards, type CompletionsPanel, type Kept } from '../../src/wire/completionsPanel';
import { serve } from '../../src/wire/wire';

/** Frames in which the whole list is scrolled through. */
const FRAMES = 300;

/** Scrolls the real page from its first row to its last; the time between frames that 95 % of them stay below, in ms. */
export async function scrolling(file: string): Promise<number> {
  const live = new LiveTable(file, {});
  try {
    const refuse = (): never => {
      throw new Error('not asked for here');
    };
    const kept = (): Kept => ({ layout: { widths: {}, hidden: [] }, queries: [] });
    const others = {
      export: refuse,
      toNotebook: refuse,
      link: refuse,
      compare: refuse,
      against: refuse,
      why: refuse,
      testCase: refuse,
      keep: refuse,
    };
    const methods = { ...live.methods, ...others, kept, patterns: () => [] };
    const { page } = await stage({
      bundle: 'completions',
      start: (port) => {
        const served = serve<CompletionsPanel>(port, completionsPanelGuards, methods);
        live.onGrown((opening) => served.tell('grown', opening));
      },
    });
    await page.waitForSelector('.list-body .list-row .score');
    await page.waitForFunction(() => !document.querySelector('.about')?.textContent?.includes('reading'), undefined, {
      timeout: 120_000,
    });
    const times = await page.evaluate(scroll, FRAMES);
    await page.waitForFunction(() => document.querySelectorAll('.list-body .waiting').length === 0);
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;
  } finally {
    live.dispose();
    await endBrowser();
  }
}

/** Runs in the page. */
async function scroll(frames: number): Promise<number[]> {
  const list = document.querySelector('.list') as HTMLElement;
  const times: number[] = [];
  let before = performance.now();
  for (let frame = 1; frame <= frames; frame++) {
    list.scrollTop = ((list.scrollHeight - list.clientHeight) * frame) / frames;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
}
