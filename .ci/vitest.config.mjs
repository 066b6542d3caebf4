import { defineConfig } from 'vitest/config';

const project = (name, timeout, extra = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
    testTimeout: timeout,
    hookTimeout: 60_000,
    ...extra,
  },
});

/** The layers that run outside VS Code; their tests are found by pattern. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    pool: 'forks',
    poolOptions: { forks: { maxForks: 2 } },
    projects: [
      project('unit', 10_000),
      project('machine', 60_000),
      project('faults', 120_000),
      project('webviews', 60_000),
      project('frameworks', 300_000),
      project('long', 1_800_000),
    ],
  },
});
