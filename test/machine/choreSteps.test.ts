import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { savedSteps } from '../../src/machine/chores/steps';
import { makePlace } from './place';

it('checkpoints come with the rewards that their step had, the newest first', async () => {
  const outputs = mkdtempSync(join(tmpdir(), 'steps-'));
  const place = makePlace();
  const runs = place.runs();
  onTestFinished(() => {
    runs.dispose();
    place.remove();
    rmSync(outputs, { recursive: true, force: true, maxRetries: 5 });
  });
  const log_history = [2, 4, 6, 8].map((step) => ({
    step,
    reward: step / 10,
    'rewards/accuracy_reward/mean': step / 20,
  }));
  writeFileSync(join(outputs, 'trainer_state.json'), JSON.stringify({ max_steps: 8, log_history }));
  for (const step of [5, 8]) mkdirSync(join(outputs, `checkpoint-${step}`));
  const run = await runs.adopt(outputs);
  const saved = await savedSteps(runs, [run]);
  expect(saved.map(({ step, path, rewards }) => [step, path, rewards])).toEqual([
    [8, join(outputs, 'checkpoint-8'), { reward: 0.8, accuracy_reward: 0.4 }],
    [5, join(outputs, 'checkpoint-5'), { reward: 0.4, accuracy_reward: 0.2 }],
  ]);
});
