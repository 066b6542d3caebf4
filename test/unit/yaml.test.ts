import { describe, expect, it } from 'vitest';
import { yaml } from '../../src/domain/dialects/yaml';
import type { Setting } from '../../src/domain/config/sheet';
import { fixed, said } from './check';

function settings(text: string): string[] {
  const [sheet] = yaml.read(text, undefined);
  return (sheet?.settings ?? []).map(({ path, value, section, key, valueSpan }) => {
    const written = valueSpan && !section ? `@${text.slice(valueSpan.start, valueSpan.end)}` : '';
    return `${path}=${section ? '{}' : JSON.stringify(value)}<${text.slice(key.start, key.end)}${written}>`;
  });
}

describe('a YAML file reads as dotted paths with exact places', () => {
  it.each<[string, string, string[]]>([
    ['scalars', 'a: 1\nb: x # why\nc: 1e-6\nd:\n', ['a=1<a@1>', 'b="x"<b@x>', 'c=0.000001<c@1e-6>', 'd=null<d>']],
    ['nested', 'a:\n  b:\n    c: true\n  d: "q"', ['a={}<a>', 'a.b={}<b>', 'a.b.c=true<c@true>', 'a.d="q"<d@"q">']],
    ['lists', 'a: [1, x]\nb:\n  - y\n', ['a=[1,"x"]<a@[1, x]>', 'b=["y"]<b@- y\n>']],
    ['CRLF', 'a: 1\r\nb: 2\r\n', ['a=1<a@1>', 'b=2<b@2>']],
    ['anchor', 'a: &x 3\nb: *x', ['a=3<a@3>', 'b=3<b@*x>']],
    ['half-written', 'a:\n  b: 1\n  c', ['a={}<a>', 'a.b=1<b@1>', 'a.c=undefined<c>']],
    ['unclosed', 'a: "x\nb: 1', ['a="x b: "<a@"x\nb: 1>']],
  ])('%s', (_name, text, expected) => expect(settings(text)).toEqual(expected));

  it.each<[string, string, string]>([
    ['in its section', 'data:\n  rollout_batchsize: 4\nworker: {}\n', 'data:\n  rollout_batch_size: 4\nworker: {}\n'],
    ['with dots', 'data.rollout_batchsize: 4\nworker: {}\n', 'data.rollout_batch_size: 4\nworker: {}\n'],
    [
      'inside a mapping of a launcher',
      'distributed_type: DEEPSPEED\nnum_processes: 1\ndeepspeed_config:\n  zero_satge: 3\n',
      'distributed_type: DEEPSPEED\nnum_processes: 1\ndeepspeed_config:\n  zero_stage: 3\n',
    ],
  ])('a key is mended where it stands: %s', (_name, text, expected) => {
    expect(fixed(text, 'unknown-key', { language: 'yaml' })).toBe(expected);
  });

  it('a long file reads the same in blocks as in one piece', () => {
    const inner = (name: string): string =>
      Array.from({ length: 30 }, (_, at) => `    ${name}_${at}: ${at} # why\n    # more\n`).join('');
    const text = `# head\nworker:\n  a:\n${inner('x')}\n  b: [1, 2]\ndata:\n  text: |\n    many\n    lines\n  c:\n${inner('y')}`;
    const [cut] = yaml.read(text, undefined);
    const [whole] = yaml.read(`${text}z: &z 1\n`, undefined);
    expect(cut?.settings.length).toBe(66);
    const told = (list: readonly Setting[] = []): unknown[] =>
      list.map(({ path, key, value, section, valueSpan }) => [path, key, value, section, section ? null : valueSpan]);
    expect(told(cut?.settings)).toEqual(told(whole?.settings.slice(0, -1)));
  });

  it.each<[string, string, string[]]>([
    ['text behind a quote', 'k7: "a"1', ['syntax k7']],
    ['a list that is not closed', 'k7: [1, 2', ['syntax k7']],
    ['a quote that is not closed', 'k7: "a', ['syntax k7']],
    ['a key without its colon', 'k7', ['syntax k7']],
  ])('in a long file %s harms its own entry only', (_name, broken, expected) => {
    const lines = Array.from({ length: 200 }, (_, at) => (at === 7 ? broken : `k${at}: ${at} # why not`));
    const text = lines.join('\n');
    const [sheet] = yaml.read(text, undefined);
    const others = (sheet?.settings ?? []).filter(({ path }) => path !== 'k7');
    expect(others.map(({ path }) => path)).toEqual(lines.flatMap((_, at) => (at === 7 ? [] : [`k${at}`])));
    expect(others.map(({ key }) => text.slice(key.start, key.end))).toEqual(others.map(({ path }) => path));
    const lineOf = (offset: number): string => (text.slice(0, offset).split('\n').length === 8 ? 'k7' : 'elsewhere');
    expect(sheet?.findings.map(({ rule, span }) => `${rule} ${lineOf(span.start)}`)).toEqual(expected);
  });

  it('never throws on any beginning of a file, nor on what is no mapping', () => {
    const text = 'a: &x\n  b: [1, {c: "d"}]\n\te: *x\n? f\n: |\n  g\n<<: *x\n--- !tag\n- 1\n...\n';
    for (let end = 0; end <= text.length; end++) yaml.read(text.slice(0, end), undefined);
    expect(yaml.read('- a\n- b', undefined)[0]?.settings).toEqual([]);
  });
});

const easyr1 = (text: string): string[] => said(text, { language: 'yaml' });

describe('EasyR1', () => {
  const rest = 'worker:\n  rollout:\n    n: 5\n  reward:\n    reward_function: r.py:f\n';
  it.each<[string, string[]]>([
    [`${rest}data:\n  rollout_batch_size: 512\n`, []],
    [`${rest}data:\n  rollout_batch: 512\n`, ['unknown-key rollout_batch']],
    [`${rest}datas:\n  rollout_batch_size: 512\n  max_prompt_length: 1\n`, ['unknown-key datas']],
    [`${rest}algorithm:\n  adv_estimator: grop\n`, ['easyr1.adv.name grop']],
    [`${rest}algorithm:\n  kl_coef: much\n`, ['bad-type much']],
    [`${rest}algorithm:\n  kl_coef: 1\n  kl_coef: 2\n`, ['duplicate-key kl_coef']],
    [`${rest}data:\n\tx: 1\n`, ['syntax \t', 'unknown-key x']],
  ])('%s', (text, expected) => expect(easyr1(text)).toEqual(expected));

  it('knows no +', () => {
    expect(said('python3 -m verl.trainer.main config=c.yaml +data.seed=1 data.sed=2')).toEqual([
      'unknown-key data.sed',
      'superfluous-plus +data.seed',
    ]);
  });
});

describe('TRL', () => {
  it.each<[string, string, string[]]>([
    ['shellscript', 'trl grpo --config c.yaml --num_processes 8 --accelerate_config zero3 --use_vllm', []],
    ['shellscript', 'trl grpo --num_generatoins 8', ['unknown-key --num_generatoins']],
    ['shellscript', 'accelerate launch my/grpo.py --number_of_cats 8 --loss_type grpoo', ['trl.loss_known grpoo']],
    ['shellscript', 'trl grpo --eval_strategy step', ['bad-choice step']],
    ['yaml', 'num_generations: 8\nreward_funcs: accuracy_reward\n', ['bad-type accuracy_reward']],
    ['yaml', 'num_generations: 8\nreward_funcs: [accuracy_reward]\nlearning_rate: 1e-6\n', []],
  ])('%s: %s', (language, text, expected) => expect(said(text, { language })).toEqual(expected));
});

it('an open quote is named where it opens, and nothing is missing for certain behind it', () => {
  const text = 'a:\n  b: "5\nc:\n  d: 1\n';
  const [sheet] = yaml.read(text, undefined);
  expect(sheet?.findings.map(({ span }) => text.slice(span.start, span.end))).toEqual(['"5']);
  expect(sheet?.open).toBe(true);
});
