import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { effective } from '../../src/domain/language/composed';
import { factsOf } from '../../src/domain/language/compose';
import { frameworks } from '../../src/domain/frameworks/which';
import type { Surroundings } from '../../src/domain/frameworks/framework';
import { findings, judged } from '../unit/check';

/** What a framework said of one random command; made by `oracle/*.py`, see test/recordings/README.md. */
interface Answer {
  readonly args: readonly string[];
  readonly gpus?: number;
  /** The YAML behind `config=`. */
  readonly file?: string | null;
  readonly accepted: boolean;
  readonly error?: string;
  readonly message?: string;
  readonly effective?: Readonly<Record<string, number>>;
}

interface Judge {
  readonly name: string;
  readonly command: string;
  /** Which of our rules the error stands for, by its type and text. */
  readonly rules: readonly (readonly [RegExp, string])[];
}

const judges: readonly Judge[] = [
  {
    name: 'easyr1',
    command: 'python3 -m verl.trainer.main',
    rules: [
      [/^ConfigKeyError/, 'unknown-key'],
      [/^ValidationError/, 'bad-type'],
      [/Total available GPUs/, 'easyr1.gpu.available'],
      [/divisible by actor global batch size/, 'easyr1.batch.rollout_mod_global'],
      [/divisible by actor micro batch size for experience/, 'easyr1.batch.total_mod_experience'],
      [/divisible by critic global batch size/, 'easyr1.batch.critic_global'],
      [/divisible by critic micro batch size/, 'easyr1.batch.critic_experience'],
      [/n > 1|index out of range/, 'easyr1.group.n'],
      [/^NotImplementedError: NotImplementedError/, 'easyr1.engine.hybrid'],
      [/Reward function is not provided/, 'easyr1.reward.required'],
      [/must be larger than num gpus/, 'easyr1.batch.per_device_positive'],
      [/divisible by the micro batch size/, 'easyr1.batch.per_device_mod_update'],
      [/CPU offload/, 'easyr1.fsdp.offload_accum'],
      [/less than world size/, 'easyr1.parallel.tp_le_world'],
      [/not divisible by tp size/, 'easyr1.parallel.tp_divides'],
      [/max_num_batched_tokens/, 'easyr1.length.batched_tokens'],
      [/Unknown kl type/, 'easyr1.kl.type'],
      [/horizon must be larger/, 'easyr1.kl.type'],
      [/Unknown KL penalty/, 'easyr1.kl.penalty'],
      [/Unknown advantage estimator/, 'easyr1.adv.name'],
      [/Unknown mode/, 'easyr1.loss.avg'],
      [/is not supported\./, 'easyr1.logger.backend'],
    ],
  },
  {
    name: 'verl',
    command: 'python3 -m verl.trainer.main_ppo',
    rules: [
      [/Could not override .* To append to your config use \+/, 'unknown-key'],
      [/got an unexpected keyword argument/, 'unknown-key'],
      [/Could not append to config/, 'superfluous-plus'],
      [/real_train_batch_size/, 'verl.batch.train_total_vs_gpus'],
      [/\[actor\] You have set both/, 'verl.batch.actor_micro_exclusive'],
      [/\[actor\] Please set at least one/, 'verl.batch.actor_micro_required'],
      [/\[actor_rollout_ref.ref\]/, 'verl.batch.ref_micro_exclusive_required'],
      [/\[actor_rollout_ref.rollout\]/, 'verl.batch.rollout_micro_exclusive_required'],
      [/must be >= actor.ppo_mini_batch_size/, 'verl.batch.mini_le_train'],
      [/ppo_mini_batch_size .* must be divisible by ppo_micro_batch_size/, 'verl.batch.mini_mod_micro_global'],
      [/ppo_micro_batch_size .*sequence_parallel_size .*n_gpus/, 'verl.batch.micro_sp_vs_gpus'],
      [/mini_batch_size=\d+ and self.engine/, 'verl.batch.mini_total_vs_dp'],
      [/Invalid loss_agg_mode/, 'verl.loss.agg_mode'],
      [/remove_padding/, 'verl.parallel.actor_sp_needs_rmpad'],
      [/FSDPOptimizerConfig': AssertionError\(\)/, 'verl.optim.scheduler'],
      [/temperature should be greater/, 'verl.val.temperature'],
      [/Unknown rollout mode/, 'bad-choice'],
      [/rollout.name/, 'verl.rollout.name_required'],
      [/Rollout mode 'sync'/, 'verl.rollout.mode_sync'],
      [/expert_parallel_size must be equal/, 'verl.rollout.ep'],
      [/pipeline_model_parallel_size > 1/, 'verl.rollout.pp'],
      [/not divisible by infer_world_size/, 'verl.parallel.rollout_divides_world'],
      [/lora_rank must be/, 'verl.lora.max_rank'],
      [/^AssertionError: AssertionError/, 'verl.batch.assertion'],
    ],
  },
];

/** Errors that several rules of ours stand for: bare assertions, and more GPUs in a group than there are. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  'verl.batch.assertion': [
    'verl.batch.dynamic_flags_equal',
    'verl.batch.dynamic_token_budget_set',
    'verl.batch.static_per_gpu_set',
  ],
  'unknown-key': ['missing-plus', 'removed-key'],
  'easyr1.parallel.tp_divides': ['easyr1.parallel.tp_le_world'],
};

/** Rules that a value outside a parameter's choices breaks, wherever it stands. */
const CHOICES = new Set(frameworks.flatMap(({ catalogue }) => catalogue.parameters.flatMap(({ rule }) => rule ?? [])));

const fileOf = (name: string): URL => new URL(`../recordings/oracle/${name}.jsonl.gz`, import.meta.url);

interface Verdict {
  readonly answer: Answer;
  readonly text: string;
  /** Our errors, the first to be met first. */
  readonly errors: readonly string[];
}

const around = ({ gpus, file }: Answer): Surroundings => ({
  ...(gpus === undefined ? {} : { gpus }),
  file: (path) => (path === 'run.yaml' ? (file ?? undefined) : undefined),
});

const written = (command: string, { args, file }: Answer): string =>
  [command, ...(file ? ['config=run.yaml'] : []), ...args.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`)].join(
    ' ',
  );

/** What is wrong in the file counts as the command's: it reads the file first. */
function errorsOf(text: string, answer: Answer): string[] {
  const own = findings(text, { around: around(answer) });
  const ofFile = answer.file ? findings(answer.file, { language: 'yaml' }) : [];
  const keys = ofFile.filter(
    ({ rule }) => /^(unknown-key|bad-type|bad-choice|duplicate-key)$/.test(rule) || CHOICES.has(rule),
  );
  return [...keys, ...own].filter(({ weight }) => weight === 'error').map(({ rule }) => rule);
}

describe.each(judges.filter(({ name }) => existsSync(fileOf(name))))('$name itself', ({ name, command, rules }) => {
  let verdicts: readonly Verdict[];
  const ruleOf = ({ error = '', message = '' }: Answer): string =>
    rules.find(([text]) => text.test(`${error}: ${message}`))?.[1] ?? `${error}: ${message}`;
  const named = ({ answer, errors }: Verdict): boolean => {
    const rule = ruleOf(answer);
    return errors.some((one) => one === rule || ALIKE[rule]?.includes(one));
  };

  beforeAll(() => {
    const lines = gunzipSync(readFileSync(fileOf(name)))
      .toString()
      .trim()
      .split('\n');
    verdicts = lines.map((line) => {
      const answer = JSON.parse(line) as Answer;
      const text = written(command, answer);
      return { answer, text, errors: errorsOf(text, answer) };
    });
  });

  it('gives a verdict that is ours in 99.5 %', () => {
    const differ = verdicts.filter(({ answer, errors }) => answer.accepted !== (errors.length === 0));
    console.log(`${name}: verdicts equal ${verdicts.length - differ.length} of ${verdicts.length}`);
    const shown = differ.map(
      ({ answer, text, errors }) => `${errors.join(' ')} / ${answer.message}\n  ${text}\n${answer.file ?? ''}`,
    );
    expect(verdicts.length).toBeGreaterThanOrEqual(2000);
    expect(differ.length / verdicts.length, shown.join('\n')).toBeLessThanOrEqual(0.005);
  });

  it('has each of its errors found in 99 %, and the rule that raised is named in 98 %', () => {
    const refused = verdicts.filter(({ answer }) => !answer.accepted);
    for (const rule of new Set(refused.map(({ answer }) => ruleOf(answer)))) {
      const own = refused.filter(({ answer }) => ruleOf(answer) === rule);
      expect(own.filter(({ errors }) => errors.length > 0).length / own.length, rule).toBeGreaterThanOrEqual(0.99);
    }
    const other = refused.filter((one) => !named(one));
    console.log(`${name}: rules named ${refused.length - other.length} of ${refused.length}`);
    const shown = other.map(({ answer, text, errors }) => `${errors.join(' ')} / ${answer.message}\n  ${text}`);
    expect(other.length / refused.length, shown.join('\n')).toBeLessThanOrEqual(0.02);
  });

  it('has the same effective sizes wherever it accepted', () => {
    const accepted = verdicts.filter(({ answer, errors }) => answer.accepted && errors.length === 0);
    expect(accepted.length).toBeGreaterThan(300);
    for (const { answer, text } of accepted) {
      const [one] = judged(text);
      const sizes = one && effective(factsOf(one, around(answer)));
      const { completions, per_device: share } = answer.effective ?? {};
      expect(sizes, text).toEqual(
        share === undefined ? { completions } : { completions, global_batch_size_per_device: share },
      );
    }
  });
});
