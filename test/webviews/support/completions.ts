import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveTable } from '../../../src/machine/table/live';
import { completionsPanelGuards, type CompletionsPanel, type Kept } from '../../../src/wire/completionsPanel';
import { serve } from '../../../src/wire/wire';
import { stage, type Stage } from './stage';
import type { Theme } from './theme';

/** What the editor has kept of before, and how many milliseconds it takes to tell. */
interface Before {
  readonly queries?: Kept['queries'];
  readonly late?: number;
}

/** Opens the page on a table; every life of the page is answered by the same one. */
export async function show(
  path: string,
  theme?: Theme,
  { queries = [], late = 0 }: Before = {},
): Promise<Stage & { readonly asked: readonly object[] }> {
  const live = new LiveTable(path, {});
  const asked: object[] = [];
  let kept: Kept = { layout: { widths: {}, hidden: [] }, queries };
  const note = <T>(what: string, args: object, answer: T): T => (asked.push({ what, ...args }), answer);
  const shown = await stage({
    bundle: 'completions',
    theme,
    start: (port) => {
      const served = serve<CompletionsPanel>(port, completionsPanelGuards, {
        ...live.methods,
        export: (args) => note('export', args, { rows: 3 }),
        toNotebook: (args) => note('toNotebook', args, { rows: 3 }),
        link: (args) => note('link', args, null),
        compare: (args) => note('compare', args, null),
        against: (args) => note('against', args, null),
        kept: () => new Promise((resolve) => setTimeout(() => resolve(kept), late)),
        keep: (args) => (note('keep', args, null), (kept = args), null),
        why: (args) => note('why', args, null),
        testCase: (args) => note('testCase', args, null),
        patterns: () => [{ source: '<answer>', flags: '', from: 'rewards.py:3' }],
      });
      live.onGrown((opening) => served.tell('grown', opening));
    },
  });
  const close = async (): Promise<void> => {
    live.dispose();
    await shown.close();
  };
  return { ...shown, close, asked };
}

/** A new file of these records. */
export async function samples(records: readonly object[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grpo-page-'));
  const file = join(folder, 'samples.jsonl');
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}

export const RUN = 'examples/trl-count/output';
export const ROWS = '.list-body .list-row';
