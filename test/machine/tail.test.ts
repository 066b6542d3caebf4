import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { thisDisk } from '../../src/machine/disk';
import { readLog } from '../../src/machine/runs/logText';
import { Tail } from '../../src/machine/runs/tail';

/** What a tail tells of a file that holds this text, from so many bytes before its end. */
async function told(text: string, before: number): Promise<string[]> {
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  const read = async ({ offset }: { offset: number }) => {
    const from = offset < 0 ? Math.max(0, bytes.length + offset) : offset;
    return { data: bytes.toString('base64', from), offset: from, size: bytes.length, file: 'f' };
  };
  const caughtUp = (): void => tail.dispose();
  const follower = { lines: (more: readonly string[]) => void lines.push(...more), caughtUp };
  const tail = new Tail({ read }, '/log', follower, { offset: -before });
  await tail.ended;
  return lines;
}

it.each([
  ['one\ntwo\nthree\n', 8, ['three']],
  ['one\ntwo\nthree\n', 7, ['three']],
  ['one\ntwo\nthree\n', 100, ['one', 'two', 'three']],
])('the end of %j, %d bytes of it, begins with a whole line', async (text, before, lines) => {
  expect(await told(text, before)).toEqual(lines);
});

it('a stretch of a log that has no line’s end in it is shown as it is', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'grpo-log-')), 'stdout.log');
  writeFileSync(path, `begin\n${'#'.repeat(400_000)}\nend\n`);
  const { text, start, end } = await readLog(thisDisk, path, 200_000);
  expect([text.length, end - start]).toEqual([131_072, 131_072]);
});
