import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, distributionOf } from '../../domain/distribution';
import { Problem } from '../../domain/problem';
import type { Reward, Scored } from '../../domain/reward';
import { toJson } from '../../domain/score';
import { Rewards } from '../rewards';
import { compare, prepare, type Compared, type Prepared } from '../samples';
import { openTable, type Table } from '../table';
import { misuse, parse, type Command, type Output } from './command';

const usage = 'score FILE.py[:NAME] --samples RUN [--dataset FILE] [--python PYTHON] [--timeout SECONDS] [--json]';

/** `grpo score`: every reward of a file (or one) over recorded completions, beside the recorded scores. */
export const scoreCommand: Command = {
  name: 'score',
  usage,
  summary: 'scores recorded completions with the rewards of a file',
  run: async (args, output) => {
    const asked = askedOf(args);
    const table = await openTable(asked.samples, asked.dataset === undefined ? {} : { dataset: asked.dataset });
    for (const { file, line, message } of table.bad) output.note(`${file}${line ? `:${line}` : ''}: ${message}`);
    const rewards = new Rewards({ python: asked.python, home: join(output.root, 'python') });
    try {
      return await scoreAll(asked, table, rewards, output);
    } finally {
      rewards.dispose();
    }
  },
};

interface Asked {
  readonly path: string;
  readonly name?: string;
  readonly samples: string;
  readonly dataset?: string;
  readonly python: string;
  readonly timeout: number;
  readonly json: boolean;
}

function askedOf(args: readonly string[]): Asked {
  const { values, positionals } = parse(usage, args, {
    samples: { type: 'string' },
    dataset: { type: 'string' },
    python: { type: 'string' },
    timeout: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw misuse(usage, 'One reward file is needed');
  if (values.samples === undefined) throw misuse(usage, 'The option --samples is missing');
  const [, file = target, name] = /^(.+):([A-Za-z_]\w*)$/.exec(target) ?? [];
  const timeout = Number(values.timeout ?? 60);
  if (!(timeout > 0)) throw misuse(usage, `--timeout ${values.timeout} is no number of seconds`);
  return {
    path: resolve(file),
    ...(name === undefined ? {} : { name }),
    samples: resolve(values.samples),
    ...(values.dataset === undefined ? {} : { dataset: resolve(values.dataset) }),
    python: values.python ?? process.env['GRPO_LENS_PYTHON'] ?? 'python3',
    timeout,
    json: values.json ?? false,
  };
}

async function scoreAll(asked: Asked, table: Table, rewards: Rewards, output: Output): Promise<number> {
  const source = await sourceOf(asked.path);
  const found = await rewards.find(source, asked.path);
  if (found.broken) output.note(`${asked.path}:${found.broken.line}: ${found.broken.message}`);
  const chosen = choose(found.rewards, asked);
  let failed = found.broken !== undefined;
  for (const reward of chosen) {
    const prepared = await prepare(table, reward.needs);
    const scored = await rewards.score({ ...asked, source, reward: reward.name, samples: prepared.samples });
    const compared = compare(table, reward, prepared.rows, scored);
    const problems = problemsOf(prepared, scored);
    const name = asked.name ?? reward.name;
    output.print((asked.json ? json : text)({ name, table, compared, problems }));
    failed ||= scored.errors.length > 0 || scored.withheld !== undefined;
  }
  return failed ? 1 : 0;
}

async function sourceOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new Problem({ code: 'missing', message: `${path} cannot be read: ${why}.` });
  }
}

function choose(rewards: readonly Reward[], { name, path }: Asked): readonly Reward[] {
  const names = rewards.map((reward) => reward.name).join(', ');
  if (rewards.length === 0) throw new Problem({ code: 'missing', message: `${path} defines no reward function.` });
  if (name === undefined) return rewards;
  const chosen = rewards.filter((reward) => reward.name === name || reward.registered.includes(name));
  if (chosen.length > 0) return chosen;
  throw new Problem({ code: 'missing', message: `${path} defines no reward "${name}"; it has ${names}.` });
}

function problemsOf({ left }: Prepared, scored: Scored): string[] {
  return [
    ...left.map(({ column, rows, why }) => `${rows} rows are unknown for want of "${column}": ${why}.`),
    ...(scored.withheld === undefined ? [] : [scored.withheld]),
    ...scored.errors.map(({ type, message, line, samples }) => {
      const place = line === undefined ? '' : ` at line ${line}`;
      return `${samples.length} samples: ${type}${place}: ${message}`;
    }),
  ];
}

interface Told {
  /** As it was asked for: a registered name stays what it is. */
  readonly name: string;
  readonly table: Table;
  readonly compared: Compared;
  readonly problems: readonly string[];
}

function json({ name, table, compared: { scores, recorded, equal }, problems }: Told): string {
  return JSON.stringify({
    reward: name,
    samples: table.rows,
    scores: scores.map(toJson),
    recorded: recorded?.map(toJson) ?? null,
    equal: equal ?? null,
    problems,
  });
}

function text({ name, table, compared: { scores, equal }, problems }: Told): string {
  const beside = equal === undefined ? 'not recorded' : `${equal} of ${table.rows} as recorded`;
  const lines = [`${name}: ${describe(distributionOf(scores))} · ${beside}`];
  return [...lines, ...problems.map((problem) => `  ${problem}`)].join('\n');
}
