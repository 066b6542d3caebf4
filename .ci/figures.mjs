// The figures of the house itself: how long the extension takes to activate, and how large it is.
import { readFileSync, rmSync } from 'node:fs';
import { runSuite } from './window.mjs';
import { BUDGET_MB, makePackage } from './package.mjs';
import { at, stop } from './steps.mjs';

/** In the shape of `test/speed/figure.ts`. */
export const figures = [
  { name: 'activation', unit: 'ms', budget: 500, runs: 3, run: activation },
  { name: 'vsix', unit: 'MB', budget: BUDGET_MB, runs: 1, run: async () => (await makePackage()).bytes / 1e6 },
];

/** The production bundle, in a real extension host. */
async function activation() {
  const file = at('.build/activation');
  rmSync(file, { force: true });
  await makePackage();
  const env = { GRPO_LENS_FIGURE: file };
  const suite = { name: 'activation', files: ['test/speed/activation.ts'], extension: at('.build/package'), env };
  if ((await runSuite(suite)).failed > 0) stop('Activation could not be measured: see above.');
  return Number(readFileSync(file, 'utf8'));
}
