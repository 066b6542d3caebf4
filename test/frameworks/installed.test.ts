import { join } from 'node:path';
import { expect, it } from 'vitest';

import { cataloguesOf, interpreterHere, readInstalled } from '../../src/machine/config/installed';

it('the real packages are read whole in under 3 s, and agree with what their releases are known for', async () => {
  const runs = interpreterHere(process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3');
  const start = performance.now();
  const installed = await readInstalled(join(process.cwd(), 'python'), runs);
  expect(performance.now() - start).toBeLessThan(3000);
  expect(installed.packages.map(({ framework, installed: { lost } }) => [framework.id, lost])).toEqual([
    ['swift', []],
    ['trl', []],
    ['verl', []],
  ]);
  const [swift, trl, verl] = ['swift', 'trl', 'verl'].map((id) => cataloguesOf(installed).get(id));
  const has = (catalogue: typeof swift, path: string): boolean =>
    catalogue?.parameters.some((one) => one.path === path) === true;
  // transformers 5 took these away, whatever TRL's release says.
  expect([has(trl, 'num_generations'), has(trl, 'warmup_ratio'), has(trl, 'overwrite_output_dir')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([has(swift, 'rlhf_type'), has(swift, 'decision_state_as_text')]).toEqual([true, true]);
  expect([has(verl, 'actor_rollout_ref.rollout.n'), has(verl, 'algorithm.adv_estimator')]).toEqual([true, true]);
});
