import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { recorderFiles } from '../../src/machine/runs/recorder';
import { pythons } from './pythons';

const folder = mkdtempSync(join(tmpdir(), 'grpo-recorder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('what goes along with a recorded run imports by itself, in the oldest Python', async () => {
  for (const { name, text } of await recorderFiles(resolve('python'))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const code = 'from grpo_lens_recorder.frameworks import recording, trl_recording; print(trl_recording.Recording)';
  const env = { PYTHONPATH: join(folder, 'recorder'), PYTHONDONTWRITEBYTECODE: '1' };
  const [python = 'python3'] = pythons();
  expect(execFileSync(python, ['-c', code], { env, encoding: 'utf8', cwd: folder })).toContain(
    'grpo_lens_recorder.frameworks.trl_recording.Recording',
  );
});
