import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { effective } from '../../src/domain/language/composed';
import { factsOf } from '../../src/domain/language/compose';
import { frameworks } from '../../src/domain/frameworks/which';
import type { Surroundings } from '../../src/domain/frameworks/framework';
import { findings, judged } from '../unit/check';
import { ask } from './ask';
import { ALIKE, judges } from './judges';

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

describe.each(judges)('$name $at itself', ({ name, command, rules }) => {
  let verdicts: readonly Verdict[];
  const ruleOf = ({ error = '', message = '' }: Answer): string =>
    rules.find(([text]) => text.test(`${error}: ${message}`))?.[1] ?? `${error}: ${message}`;
  const named = ({ answer, errors }: Verdict): boolean => {
    const rule = ruleOf(answer);
    return errors.some((one) => one === rule || ALIKE[rule]?.includes(one));
  };

  const judgedAll = (lines: string): Verdict[] =>
    lines
      .trim()
      .split('\n')
      .map((line) => {
        const answer = JSON.parse(line) as Answer;
        const text = written(command, answer);
        return { answer, text, errors: errorsOf(text, answer) };
      });

  beforeAll(() => {
    verdicts = judgedAll(gunzipSync(readFileSync(fileOf(name))).toString());
  });

  it('says the same today, where it can be asked', ({ skip }) => {
    const asked = ask(name, 40);
    console.log(`${name}: ${asked.why ?? 'asked 40 new questions now'}; ${verdicts.length} answers are recorded`);
    if (asked.why !== undefined) return skip(asked.why);
    const differ = judgedAll(asked.lines).filter(({ answer, errors }) => answer.accepted !== (errors.length === 0));
    expect(differ.map(({ text, errors, answer }) => `${errors.join(' ')} / ${answer.message}\n  ${text}`)).toEqual([]);
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
      const { per_device: share, ...rest } = answer.effective ?? {};
      expect(sizes, text).toMatchObject({ ...rest, ...(share && { global_batch_size_per_device: share }) });
    }
  });
});
