import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../src/domain/dialects/call';
import type { Grammars } from '../../src/domain/dialects/dialect';
import { loadGrammars } from '../../src/machine/config/grammars';
import { said } from './check';

let grammars: Grammars;
beforeAll(async () => {
  grammars = await loadGrammars(new URL('../../node_modules/@vscode/tree-sitter-wasm/wasm', import.meta.url).pathname);
});

function settings(text: string): string[] {
  return call.read(text, grammars).flatMap((sheet) => [
    `${sheet.command.join(' ')}${sheet.open ? ' …' : ''}`,
    ...sheet.settings.map(({ path, value, valueSpan }) => {
      const written = valueSpan ? `@${text.slice(valueSpan.start, valueSpan.end)}` : '';
      return `${path}=${JSON.stringify(value)}${written}`;
    }),
  ]);
}

describe('a Python call reads as settings', () => {
  it.each<[string, string, string[]]>([
    [
      'literals',
      "GRPOConfig(a=1, b='x', c=True, d=None, e=-1e-3)",
      ['GRPOConfig', 'a=1@1', `b="x"@'x'`, 'c=true@True', 'd=null@None', 'e=-0.001@-1e-3'],
    ],
    ['a list', 'GRPOConfig(a=[1, "x"])', ['GRPOConfig', 'a=[1,"x"]@[1, "x"]']],
    ['a product', 'GRPOConfig(a=8 * 2)', ['GRPOConfig', 'a=16@8 * 2']],
    ['a constant', 'N = 8\nGRPOConfig(a=N)', ['GRPOConfig', 'a=8@N']],
    ['a name assigned twice', 'N = 8\nN = 9\nGRPOConfig(a=N)', ['GRPOConfig', 'a=undefined@N']],
    ['an expression', 'GRPOConfig(a=f(x), b=f"{x}")', ['GRPOConfig', 'a=undefined@f(x)', 'b=undefined@f"{x}"']],
    ['an alias', 'from trl import GRPOConfig as C\nC(a=1)', ['GRPOConfig', 'a=1@1']],
    ['an attribute', 'import trl\ntrl.GRPOConfig(a=1)', ['GRPOConfig', 'a=1@1']],
    ['a subclass', 'class Mine(GRPOConfig):\n    own: int = 1\nMine(a=1, own=2)', ['GRPOConfig', 'a=1@1', 'own=2@2']],
    ['a dictionary', 'd = {"a": 1, "b": 2}\nGRPOConfig(**d, c=3)', ['GRPOConfig', 'a=1@1', 'b=2@2', 'c=3@3']],
    ['dict()', 'd = dict(a=1)\nGRPOConfig(**d)', ['GRPOConfig', 'a=1@1']],
    ['an unknown dictionary', 'GRPOConfig(a=1, **d)', ['GRPOConfig …', 'a=1@1']],
    ['half-written', 'x = GRPOConfig(a=1, b=', ['GRPOConfig', 'a=1@1', 'b=undefined']],
    ['other calls', 'print(a=1)\nLoraConfig(r=8)', ['LoraConfig', 'r=8@8']],
  ])('%s', (_name, text, expected) => expect(settings(text)).toEqual(expected));

  it('never throws on any beginning of a script', () => {
    const text = 'from a import GRPOConfig as G\nd = {"x": [1, *y]}\nG(**d, a=1 if b else 2, *c)\n"""unclosed';
    for (let end = 0; end <= text.length; end++) call.read(text.slice(0, end), grammars);
  });
});

describe('TRL’s arguments in Python', () => {
  it.each<[string, string[]]>([
    ['GRPOConfig(num_generations=8, learning_rate=1e-6)', []],
    ['GRPOConfig(num_generation=8)', ['unknown-key num_generation']],
    ['GRPOConfig(max_prompt_length=512)', ['removed-key max_prompt_length']],
    ['GRPOConfig(model_name_or_path="x")', ['unknown-key model_name_or_path']],
    ['GRPOConfig(num_generations="many")', ['bad-type "many"']],
    ['GRPOConfig(eval_strategy="step")', ['bad-choice "step"']],
    ['class Mine(GRPOConfig):\n    own: int = 1\nMine(own=2)', []],
    ['OtherConfig(anything=2)', []],
    ['LoraConfig(anything=2)', ['unknown-key anything']],
  ])('%s', (text, expected) => expect(said(text, { language: 'python', grammars })).toEqual(expected));
});
