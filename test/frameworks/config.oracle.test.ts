import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Grammars } from '../../src/domain/dialects/dialect';
import { batchOf } from '../../src/domain/frameworks/batch';
import { processes } from '../../src/domain/frameworks/world';
import { factsOf } from '../../src/domain/language/compose';
import { loadGrammars } from '../../src/machine/config/grammars';
import { findings, judged } from '../unit/check';

/** What TRL 1.10.0.dev0 (transformers 5.17.0) itself said of random configurations; see test/recordings/README.md. */
interface Answer {
  readonly form: 'python' | 'cli';
  readonly world_size: number;
  readonly args: Readonly<Record<string, unknown>> | readonly string[];
  readonly accepted: boolean;
  readonly message: string | null;
  readonly effective?: { readonly generation_batch_size: number; readonly steps_per_generation: number };
}

const answers = gunzipSync(readFileSync(new URL('../recordings/oracle/trl.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

/** Which of our rules the error's text stands for. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/must be divisible by the global batch size/, 'trl.gen_batch_div_global'],
  [/generation_batch_size .* must be divisible by num_generations/, 'trl.gen_batch_div_num_generations'],
  [/can not be both configured/, 'trl.gen_batch_exclusive'],
  [/The global eval batch size/, 'trl.eval_batch_div'],
  [/log_completions_hub_repo is set/, 'trl.hub_repo_needs_log'],
  [/auto_find_batch_size is not supported/, 'trl.auto_batch'],
  [/--load_best_model_at_end requires the save and eval/, 'trl.hf_best_strategy'],
  [/At most one of fp16 and bf16/, 'trl.hf_fp16_bf16'],
  [/requires at least 2 generations|integer modulo by zero/, 'trl.num_generations_min'],
  [/ambiguous option/, 'ambiguous-flag'],
  [/invalid choice|is not a valid \w+, please select/, 'bad-choice'],
  [/invalid \w+ value/, 'bad-type'],
  [/unexpected keyword argument '(max_prompt_length|warmup_ratio)'/, 'removed-key'],
  [/not used by the HfArgumentParser: \['--(max_prompt_length|warmup_ratio)/, 'removed-key'],
  [/unexpected keyword argument|not used by the HfArgumentParser/, 'unknown-key'],
];

const ruleOf = (message: string): string => RULES.find(([text]) => text.test(message))?.[1] ?? message;

function python(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return 'None';
  return Array.isArray(value) ? `[${value.map(python).join(', ')}]` : JSON.stringify(value);
}

function written({ args }: Answer): string {
  if (Array.isArray(args)) return `trl grpo ${args.map((word: string) => `'${word}'`).join(' ')}`;
  return `GRPOConfig(${Object.entries(args)
    .map(([key, value]) => `${key}=${python(value)}`)
    .join(', ')})`;
}

interface Verdict {
  readonly answer: Answer;
  readonly text: string;
  readonly first: string | undefined;
}

let grammars: Grammars;
let verdicts: readonly Verdict[];

const asked = (answer: Answer): Parameters<typeof findings>[1] => ({
  language: answer.form === 'python' ? 'python' : 'shellscript',
  around: { gpus: answer.world_size },
  grammars,
});

beforeAll(async () => {
  grammars = await loadGrammars(new URL('../../node_modules/@vscode/tree-sitter-wasm/wasm', import.meta.url).pathname);
  verdicts = answers.map((answer) => {
    const text = written(answer);
    return { answer, text, first: findings(text, asked(answer)).find(({ weight }) => weight === 'error')?.rule };
  });
});

describe(`TRL’s own verdict on ${answers.length} configurations`, () => {
  it('is ours in at least 99.5 %', () => {
    const differ = verdicts.filter(({ answer, first }) => answer.accepted !== (first === undefined));
    console.log(`verdicts equal: ${answers.length - differ.length} of ${answers.length}`);
    expect(differ.length / answers.length, differ.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(0.005);
  });

  it('each rule by itself is found in at least 99 %', () => {
    const refused = verdicts.filter(({ answer }) => !answer.accepted);
    for (const rule of new Set(refused.map(({ answer }) => ruleOf(answer.message ?? '')))) {
      const own = refused.filter(({ answer }) => ruleOf(answer.message ?? '') === rule);
      const found = own.filter(({ first }) => first !== undefined).length;
      expect(found / own.length, rule).toBeGreaterThanOrEqual(0.99);
    }
  });

  it('the rule that raised is the one we name in at least 98 %', () => {
    const refused = verdicts.filter(({ answer }) => !answer.accepted);
    const wrong = refused.filter(({ answer, first }) => ruleOf(answer.message ?? '') !== first);
    console.log(`rules named: ${refused.length - wrong.length} of ${refused.length}`);
    const shown = wrong.map(({ text, answer, first }) => `${first}, not ${answer.message}\n  ${text}`).join('\n');
    expect(wrong.length / refused.length, shown).toBeLessThanOrEqual(0.02);
  });

  it('effective batch sizes are equal wherever it accepted', () => {
    const accepted = verdicts.filter(({ answer }) => answer.effective);
    expect(accepted.length).toBeGreaterThan(100);
    for (const { answer, text } of accepted) {
      const [one] = judged(text, asked(answer));
      const facts = one && factsOf(one, { gpus: answer.world_size });
      const batch = facts && batchOf(facts, processes(facts));
      expect([batch?.generation, batch?.steps], text).toEqual([
        answer.effective?.generation_batch_size,
        answer.effective?.steps_per_generation,
      ]);
    }
  });
});
