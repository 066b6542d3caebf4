import { defineConfig } from 'vitest/config';

const project = (name, timeout, extra = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
    testTimeout: timeout,
    hookTimeout: 60_000,
    // Vitest's own second is what nobody here has chosen: on a busy machine a page may need it to draw one chart.
    expect: { poll: { timeout: 15_000 } },
    ...extra,
  },
});

/** In CI a test of real processes and clocks that fails once is tried once more, and the report says so; locally it just fails. */
const again = { retry: process.env.CI ? 1 : 0 };

/** The layers that run outside VS Code; their tests are found by pattern. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    pool: 'forks',
    globalSetup: new URL('./temporary.mjs', import.meta.url).pathname,
    // Files share what they import: to load the house anew for each of them took longer than their tests.
    poolOptions: { forks: { maxForks: 2, isolate: false } },
    projects: [
      project('unit', 10_000),
      project('machine', 60_000, again),
      project('faults', 120_000, again),
      project('webviews', 60_000, again),
      project('frameworks', 300_000, again),
      project('long', 1_800_000, {
        include: ['test/long/**/*.test.ts', 'test/machine/datasetProperties.test.ts', 'test/machine/dataTape.test.ts'],
        env: { GRPO_LENS_RECORDS: '10000' },
      }),
    ],
  },
});
