import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the hub that downloads are tested against is one to the clients of Hugging Face and ModelScope too', async () => {
  const python = process.env['GRPO_LENS_TEST_SWIFT'] ?? 'python3';
  const { stdout } = await promisify(execFile)(python, ['test/frameworks/hubs.py'], { maxBuffer: 1 << 24 });
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
    huggingface: { same: true, whole: true },
    modelscope: { same: true, whole: true },
  });
});
