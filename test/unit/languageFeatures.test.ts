import { describe, expect, it, test } from 'vitest';
import { registeredIn } from '../../src/domain/frameworks/registered';
import { factsOf } from '../../src/domain/language/compose';
import { hover } from '../../src/domain/language/hover';
import { offers, variableOffers, type Workspace } from '../../src/domain/language/offers';
import { outline, type Entry } from '../../src/domain/language/outline';
import { signatureAt } from '../../src/domain/language/signature';
import { show } from '../../src/domain/language/show';
import { slotAt } from '../../src/domain/language/slot';
import { tokens } from '../../src/domain/language/tokens';
import { winners } from '../../src/domain/language/winners';
import { judged, type Asked } from './check';

/** The text without its `|`, and where that stood. */
function marked(text: string): [string, number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

describe('outline', () => {
  const shown = ({ name, detail, children }: Entry): unknown =>
    children.length > 0 ? { [name]: children.map(shown) } : detail === '' ? name : `${name} = ${detail}`;
  const check = (text: string, expected: unknown, asked: Asked = {}): void =>
    expect(judged(text, asked).flatMap(({ sheet }) => outline(sheet).map(shown))).toEqual(expected);

  it('tells commands with their settings, and sections with what they hold', () => {
    check('swift rlhf --rlhf_type grpo --bf16\n', [{ 'swift rlhf': ['rlhf_type = grpo', 'bf16'] }]);
    check(
      'worker:\n  rollout:\n    n: 5\n  actor:\n    clip_ratio_low: 0.2\ndata:\n  seed: 1\n',
      [{ worker: [{ rollout: ['n = 5'] }, { actor: ['clip_ratio_low = 0.2'] }] }, { data: ['seed = 1'] }],
      { language: 'yaml' },
    );
    check(`swift rlhf --rlhf_type grpo --hub_token hf_${'a'.repeat(30)}\n`, [
      { 'swift rlhf': ['rlhf_type = grpo', 'hub_token = …'] },
    ]);
  });
});

test('tokens: keys, prefixes and values of a command; nothing for what nobody knows', () => {
  const check = (text: string, ...expected: string[]): void => {
    const found = judged(text).flatMap((one) => tokens(one));
    expect(found.map(({ kind, span }) => `${kind} ${text.slice(span.start, span.end)}`)).toEqual(expected);
  };
  check(
    'swift rlhf --rlhf_type grpo --beta 1e-3 --nonsense 1\n',
    'property --rlhf_type',
    'enumMember grpo',
    'property --beta',
    'number 1e-3',
  );
  check(
    'python3 -m verl.trainer.main_ppo +actor_rollout_ref.rollout.n=$N data.train_files=a.parquet\n',
    ...[
      'operator +',
      'property actor_rollout_ref.rollout.n',
      'variable $N',
      'property data.train_files',
      'string a.parquet',
    ],
  );
});

describe('hover', () => {
  const check = (marks: string, expected: RegExp | undefined, asked: Asked = {}): void => {
    const [text, at] = marked(marks);
    const shown = judged(text, asked).flatMap((one) => hover(one, at)?.markdown ?? []);
    const effect = shown.flatMap((one) => one.split('\n\n').filter((line) => /^In effect|gives|is not set/.test(line)));
    if (expected) expect(effect.join('\n')).toMatch(expected);
    else expect(effect).toEqual([]);
  };

  it('tells the value that holds where a later word decides', () => {
    check('swift rlhf --rlhf_type grpo --be|ta 0.1 --beta 0.2\n', /^In effect: `0\.2`, which is set further below\.$/);
    check('swift rlhf --rlhf_type grpo --beta 0.1 --be|ta 0.2\n', undefined);
    check('trl grpo --learn|ing_rate 1e-5 --learning_rate 1e-6\n', /^In effect: `(1e-6|0\.000001)`/);
  });

  it('tells what a variable gives, or that it is not set', () => {
    check('B=0.3\nswift rlhf --rlhf_type grpo --be|ta $B\n', /^`\$B` gives `0\.3` here\.$/);
    check('swift rlhf --rlhf_type grpo --be|ta $B\n', /^`\$B` is not set in this script\.$/);
    const running = /^What `\$[B1]` gives is known only when the script runs\.$/;
    check('if x; then B=1; else B=2; fi\nswift rlhf --rlhf_type grpo --be|ta $B\n', running);
    check('f() {\n  swift rlhf --rlhf_type grpo --be|ta $1\n}\nf 1\nf 2\n', running);
    check('f() {\n  swift rlhf --rlhf_type grpo --be|ta $1\n}\nf 1\n', /^`\$1` gives `1` here\.$/);
  });
});

test('a value is shown as it is, also where JSON has no word for it', () => {
  expect([1e-6, 'grpo', Infinity, NaN, null, ['a', 1]].map((value) => show(value))).toEqual([
    ...['0.000001', '"grpo"', 'Infinity', 'NaN', 'null', '["a",1]'],
  ]);
});

test('winners: a later word, a file, the environment', () => {
  const check = (text: string, expected: readonly string[], file = ''): void => {
    const around = { file: () => file };
    const found = judged(text).flatMap((one) => winners(one, factsOf(one, around)));
    expect(found.map(({ at, text: said }) => `${text.slice(0, at).split(/\s/).at(-1)} ${said}`)).toEqual(expected);
  };
  check('swift rlhf --rlhf_type grpo --beta 0.1 --beta 0.2\n', ['0.1 ↓ 0.2 wins']);
  check('swift rlhf --rlhf_type grpo --beta 0.1 --beta 0.1\n', []);
  check(
    'python3 -m verl.trainer.main config=c.yaml worker.rollout.n=4\n',
    ['worker.rollout.n=4 over 8 in the file'],
    'worker:\n  rollout:\n    n: 8\n',
  );
  check('export NPROC_PER_NODE=4\nNPROC_PER_NODE=2 swift rlhf --rlhf_type grpo\n', ['NPROC_PER_NODE=4 ↓ 2 wins']);
});

test('signature: what an override is made of, and the part under the cursor', () => {
  const check = (text: string, expected: readonly [string, string] | undefined): void => {
    const [whole, offset] = marked(text);
    const found = judged(whole).map((one) => signatureAt(one, offset))[0];
    const part = found?.parts[found.active];
    expect(found && [found.label.slice(...(part?.label ?? [0, 0])), part?.doc]).toEqual(expected);
  };
  check('python3 -m verl.trainer.main_ppo actor_rollout_ref.rollout.n=|8', [
    'int',
    "Write a whole number: `8`. Another key's value: `'${path.of.key}'`, quoted from the shell.",
  ]);
  check('python3 -m verl.trainer.main config=c.yaml worker.roll|out.n=4', [
    'worker.rollout.n',
    'Responses per prompt.',
  ]);
  check('swift rlhf --rlhf_type gr|po', undefined);
});

test('registered names, in whole and in half-written files', () => {
  const check = (text: string, ...expected: string[]): void => {
    const found = registeredIn(text);
    for (const { name, span } of found) expect(text.slice(span.start, span.end)).toBe(name);
    expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
  };
  check("orms['clevr_count'] = Count\nprms['p']=P\n", 'reward clevr_count', 'reward p');
  check(
    "register_dataset(DatasetMeta(ms_dataset_id='AI-ModelScope/clevr', dataset_name='clevr'",
    'dataset AI-ModelScope/clevr',
    'dataset clevr',
  );
  check("load(dataset_name='x')\n");
  check("data_dict = {\n    'assy07_grpo': A,\n    'b': B,\n}\n", 'dataset assy07_grpo', 'dataset b');
  check(
    'def vqa_reward(inputs):\n    return 1\nasync def later(completions: ',
    'function vqa_reward',
    'function later',
  );
});

describe('offers', () => {
  const workspace: Workspace = {
    files: [
      {
        path: 'plugin/rewards.py',
        registered: registeredIn("orms['mine'] = M\ndef score(x): ...\ndef _own(x): ...\n"),
      },
    ],
    folder: (path) => (path === './' ? ['data/', 'train.jsonl'] : path === '.' ? ['data/'] : undefined),
    downloaded: ['Qwen/Qwen2.5-VL-3B-Instruct'],
  };
  test.each<[text: string, expected: readonly string[], language?: string]>([
    ['swift rlhf --rlhf_type grpo --reward_funcs |', ['mine']],
    ['swift rlhf --rlhf_type grpo --external_plugins x|', ['plugin/rewards.py']],
    ['swift rlhf --rlhf_type grpo --dataset ./|', ['./data/', './train.jsonl']],
    ['swift rlhf --rlhf_type grpo --model Q|', ['data/', 'Qwen/Qwen2.5-VL-3B-Instruct']],
    ['swift rlhf --rlhf_type grpo --beta |', []],
    ['python3 -m verl.trainer.main worker.reward.reward_function=r|', ['plugin/rewards.py:score']],
    ['python3 -m verl.trainer.main_ppo reward.custom_reward_function.name=s|', ['score']],
    ['trl grpo --reward_funcs r|', ['plugin.rewards.score']],
    ['rlhf_type: grpo\ntuner_type: lora\nmodel: Q|\n', ['data/', 'Qwen/Qwen2.5-VL-3B-Instruct'], 'yaml'],
  ])('%s', (text, expected, language = 'shellscript') => {
    const [whole, offset] = marked(text);
    const all = judged(whole, { language });
    const slot = slotAt(
      all.map(({ sheet }) => sheet),
      whole,
      offset,
    );
    const own = all.find(({ sheet }) => sheet === slot?.sheet);
    expect(slot && own && offers(slot, own, workspace).map(({ insert }) => insert)).toEqual(expected);
  });

  test.each<[text: string, first: string | undefined]>([
    ['NPROC|', 'CUDA_VISIBLE_DEVICES='],
    ['A=1 |', 'CUDA_VISIBLE_DEVICES='],
    ['export |', 'CUDA_VISIBLE_DEVICES='],
    ['WANDB_MODE=|', 'offline'],
    ['swift rlhf --model X|', undefined],
  ])('variables at %s', (text, first) => {
    const [whole, offset] = marked(text);
    expect(variableOffers(whole, offset)[0]?.insert).toBe(first);
  });
});
