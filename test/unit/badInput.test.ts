import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../../src/domain/dialects/all';
import type { Grammars } from '../../src/domain/dialects/dialect';
import { judge } from '../../src/domain/frameworks/which';
import { check } from '../../src/domain/language/check';
import { hover } from '../../src/domain/language/hover';
import { isSaidElsewhere } from '../../src/domain/language/elsewhere';
import { outline } from '../../src/domain/language/outline';
import { signatureAt } from '../../src/domain/language/signature';
import { slotAt } from '../../src/domain/language/slot';
import { suggest } from '../../src/domain/language/suggest';
import { tokens } from '../../src/domain/language/tokens';
import { deadline } from '../../src/machine/deadline';
import { loadGrammars } from '../../src/machine/config/grammars';

let grammars: Grammars;
beforeAll(async () => {
  grammars = await loadGrammars(join(process.cwd(), 'node_modules/@vscode/tree-sitter-wasm/wasm'));
});

/** Everything that the editor asks of a text, at a place; findings as `rule`. */
function everything(language: string, text: string, offset = text.length): string[] {
  const { sheets, findings } = readDocument(language, text, grammars);
  const judged = sheets.flatMap((sheet) => judge(sheet) ?? []);
  const slot = slotAt(sheets, text, offset);
  for (const one of judged) {
    hover(one, offset);
    signatureAt(one, offset);
    outline(one.sheet);
    tokens(one);
    if (slot?.sheet === one.sheet) suggest(slot, one);
  }
  return [...findings, ...judged.flatMap((one) => check(one, {}))].map(({ rule }) => rule);
}

describe('bad input has one finding that names the place, and never throws', () => {
  const swift = 'rlhf_type: grpo\ntuner_type: lora\n';
  it.each<[what: string, language: string, text: string, rule: string | undefined]>([
    ['tabs in YAML', 'yaml', `${swift}vllm:\n\tx: 1\n`, 'syntax'],
    ['a quote that is never closed, in YAML', 'yaml', `${swift}model: "abc\n`, 'syntax'],
    [
      'a quote that is never closed, in shell',
      'shellscript',
      'swift rlhf --rlhf_type grpo --model "abc\n',
      'unclosed-quote',
    ],
    ['5 MB', 'yaml', `a: ${'x'.repeat(5_000_001)}`, 'too-long'],
    ['Windows line ends', 'shellscript', 'swift rlhf \\\r\n --rlhf_type grpo\r\n', 'crlf'],
    ['a merge that is not done', 'yaml', `<<<<<<< HEAD\n${swift}=======\nbeta: 1\n>>>>>>> x\n`, 'merge-marker'],
    [
      'variables that hold themselves',
      'shellscript',
      'A=$A$A\nB=$C\nC=$B\nswift rlhf --rlhf_type grpo --model $A$B\n',
      undefined,
    ],
    ['bytes that are no UTF-8', 'yaml', `${swift}model: caf\uFFFD\n`, 'encoding'],
  ])('%s', (_, language, text, rule) => {
    const found = everything(language, text);
    if (rule !== undefined) expect(found.filter((one) => one === rule)).toHaveLength(1);
  });

  it.each([
    ['yaml', 'key:\n  a: 1\n  b: [1, 2]\n'.repeat(40_000)],
    ['shellscript', 'A=$A\nswift rlhf --rlhf_type grpo --beta 1\n'.repeat(20_000)],
  ])('%s that takes too long is left, and that is said', (language, text) => {
    const { sheets, findings } = readDocument(language, text, grammars, deadline(20));
    expect([sheets, findings.map(({ rule }) => rule)]).toEqual([[], ['too-slow']]);
  });

  it('a variable that doubles in a long script is given up, and is unknown', () => {
    const text = `A=xxxxxxxxxx\n${'A=$A$A\n'.repeat(200)}swift rlhf --rlhf_type grpo --model $A\n`;
    everything('shellscript', text);
    const [sheet] = readDocument('shellscript', text, grammars).sheets;
    expect(sheet?.settings.map(({ path, text: value }) => `${path} ${value}`)).toEqual([
      'rlhf_type grpo',
      'model undefined',
    ]);
  });

  it.each([
    [
      'shellscript',
      'A=1 CUDA_VISIBLE_DEVICES=0,1 swift rlhf --rlhf_type grpo --model "$M" --beta ${B:-0.04} \\\n --x "${a[@]}"\ncat <<EOF > c.yaml\nworker:\n  rollout: {n: 4}\nEOF\n',
    ],
    ['yaml', 'worker:\n  rollout: &a\n    n: [1, {a: "b"}]\n  actor: *a\ndata: {x: ???}\n'],
    [
      'python',
      'from trl import GRPOConfig\nc = GRPOConfig(beta=0.1, **{"loss_type": "dapo"}, reward_weights=[1, 2])\n',
    ],
    ['markdown', '# x\n```bash\ntrl grpo --beta 1\n```\n'],
    ['json', '{"zero_optimization": {"stage": 3}, "bf16": {"enabled": "auto"}}'],
  ])('%s: cut at every place, nothing throws or hangs', (language, text) => {
    for (let end = 0; end <= text.length; end++) everything(language, text.slice(0, end));
  });
});

it('what a YAML server says by itself is not said twice', () => {
  const finding = (rule: string, weight: 'error' | 'warning' = 'error') => ({
    rule,
    weight,
    text: '',
    span: { start: 0, end: 0 },
  });
  expect(isSaidElsewhere(finding('syntax'), 'yaml', true)).toBe(true);
  expect(isSaidElsewhere(finding('duplicate-key'), 'yaml', true)).toBe(true);
  expect(isSaidElsewhere(finding('syntax'), 'yaml', false)).toBe(false);
  expect(isSaidElsewhere(finding('unknown-key'), 'yaml', true)).toBe(false);
  expect(isSaidElsewhere(finding('duplicate-key', 'warning'), 'shellscript', true)).toBe(false);
});
