import { setImmediate } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { shapeOf } from '../../src/domain/frameworks/rollouts';
import { Problem } from '../../src/domain/problem';
import type { Host } from '../../src/machine/hosts/host';
import { FarLines } from '../../src/machine/rollouts/farLines';

const LINE = Buffer.from('{"step": 1, "prompt": "p", "completion": "c", "score": 0.5}\n');

/** A host that answers what opening asks, and is out of reach from then on. */
function lostHost(): { readonly host: Host; asked(): number } {
  let asked = 0;
  const lengths = deflateSync(Buffer.from(Uint32Array.of(LINE.length).buffer)).toString('base64');
  const answers: Record<string, unknown> = {
    read: { data: LINE.toString('base64'), offset: 0, size: 2 * LINE.length, file: 'f' },
    index: { offset: LINE.length, size: 2 * LINE.length, file: 'f', lengths, values: {}, bad: [] },
  };
  const ask = async (name: string): Promise<unknown> => {
    await setImmediate();
    if (++asked <= 2) return answers[name];
    throw new Problem({ code: 'ssh', message: 'There is no way to it.' });
  };
  return { host: { name: 'far', ask } as unknown as Host, asked: () => asked };
}

it('a host that is out of reach is asked at the pace of looks, not as fast as it can be', async () => {
  const { host, asked } = lostHost();
  const file = 'completions.jsonl';
  const lines = await FarLines.open({ host, path: `/far/${file}`, file, shaped: (record) => shapeOf(record, file) });
  for (let turn = 0; turn < 300; turn++) await setImmediate();
  lines?.close();
  expect(lines?.rows).toBe(1);
  expect(asked()).toBeLessThan(20);
});
