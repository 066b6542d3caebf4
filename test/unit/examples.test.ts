import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findings, judged } from './check';

test.each(['examples/swift-vlm-puzzle/train_lora.sh', 'examples/swift-vlm-puzzle/train_zero3.sh'])(
  '%s passes its own lint',
  (path) => passes(path, 'shellscript', 8),
);
test('EasyR1', () => {
  passes('examples/easyr1-vqa/train.sh', 'shellscript', 2);
  passes('examples/easyr1-vqa/config/config.yaml', 'yaml', 2);
});
test('verl', () => passes('examples/verl-gad/train_stock.sh', 'shellscript', 2));

function passes(path: string, language: string, gpus: number): void {
  const text = readFileSync(path, 'utf8');
  const asked = { language, around: { gpus } };
  expect(judged(text, asked)).toHaveLength(1);
  const faults = findings(text, asked).filter(({ weight }) => weight !== 'hint');
  expect(faults.map(({ rule, text: why }) => `${rule}: ${why}`)).toEqual([]);
}
