import { join } from 'node:path';
import { describe, distributionOf } from '../../domain/rollouts/distribution';
import { Problem } from '../../domain/problem';
import type { Reward, Scored } from '../../domain/rewards/reward';
import { toJson } from '../../domain/score';
import { loadExpectations } from '../rewards/expectations';
import { Rewards } from '../rewards/rewards';
import { compare, prepare, type Compared, type Prepared } from '../rewards/samples';
import { openTable, type Table } from '../table/table';
import { sourceOf, versionOf } from '../rewards/versions';
import type { Command, Output } from './command';
import { scoreAgainst } from './scoreAgainst';
import { askedOf, usage, type Asked } from './scoreAsked';
import { targetsOf, type Target } from '../rewards/rewardTargets';
import { scoreExpected } from './scoreExpect';

/** `grpo score`: every reward of a file (or one) over recorded completions, beside the record, another version or expectations. */
export const scoreCommand: Command = {
  name: 'score',
  usage,
  summary: 'scores recorded completions with the rewards of a file',
  run: async (args, output) => {
    const asked = askedOf(args);
    const rewards = new Rewards({ python: asked.python, home: join(output.root, 'python') });
    try {
      const table = asked.samples === undefined ? undefined : await tableOf(asked, asked.samples, output);
      return (await scoreAll(asked, table, rewards, output)) ? 0 : 1;
    } finally {
      rewards.dispose();
    }
  },
};

async function tableOf({ dataset }: Asked, samples: string, output: Output): Promise<Table> {
  const table = await openTable(samples, dataset === undefined ? {} : { dataset });
  for (const { file, line, message } of table.bad) output.note(`${file}${line ? `:${line}` : ''}: ${message}`);
  return table;
}

async function scoreAll(asked: Asked, table: Table | undefined, python: Rewards, output: Output): Promise<boolean> {
  let good = true;
  for (const target of await targetsOf(asked, python, output))
    good = (await scoreTarget({ ...asked, ...target }, { table, python, output })) && good;
  return good;
}

interface World {
  readonly table: Table | undefined;
  readonly python: Rewards;
  readonly output: Output;
}

async function scoreTarget(asked: Asked & Target, { table, python, output }: World): Promise<boolean> {
  const source = await sourceOf(asked.path);
  const { expected, bad } = asked.expect === undefined ? NONE : await loadExpectations(asked.expect);
  for (const { line, message } of bad) output.note(`${asked.expect}:${line}: no expectation: ${message}`);
  const found = await python.find(source, asked.path);
  if (found.broken) output.note(`${asked.path}:${found.broken.line}: ${found.broken.message}`);
  const rewards = choose(found.rewards, asked);
  let good = found.broken === undefined && bad.length === 0;
  if (table && asked.against !== undefined) {
    const now = { name: asked.path, source, path: asked.path };
    const before = await versionOf(asked.path, asked.against);
    return (await scoreAgainst(asked, { now, before, rewards, table, expected }, python, output)) && good;
  }
  if (table) good = (await scoreTable(asked, { source, rewards, table }, python, output)) && good;
  return (await scoreExpected(asked, { source, rewards, expected }, python, output)) && good;
}

const NONE = { expected: [], bad: [] };

interface Job {
  readonly source: string;
  readonly rewards: readonly Reward[];
  readonly table: Table;
}

async function scoreTable(
  asked: Asked & Target,
  { source, rewards, table }: Job,
  python: Rewards,
  output: Output,
): Promise<boolean> {
  let good = true;
  for (const reward of rewards) {
    const needs = reward.needs.filter((need) => !(need in (asked.keywords ?? {})));
    const prepared = await prepare(table, needs);
    const scored = await python.score({ ...asked, source, reward: reward.name, samples: prepared.samples });
    const compared = compare(table, reward, prepared.rows, scored);
    const problems = problemsOf(prepared, scored);
    const name = calledBy(reward, asked.names) ?? reward.name;
    output.print((asked.json ? json : text)({ name, table, compared, problems }));
    good &&= scored.errors.length === 0 && scored.withheld === undefined;
  }
  return good;
}

function choose(rewards: readonly Reward[], { names, path }: Target): readonly Reward[] {
  const known = rewards.map((reward) => reward.name).join(', ');
  if (rewards.length === 0) throw new Problem({ code: 'missing', message: `${path} defines no reward function.` });
  if (names === undefined) return rewards;
  const chosen = rewards.filter((reward) => calledBy(reward, names) !== undefined);
  if (chosen.length > 0) return chosen;
  throw new Problem({ code: 'missing', message: `${path} defines no reward "${names[0]}"; it has ${known}.` });
}

/** The name by which a reward was asked for, a registered one staying what it is; undefined: it was not. */
function calledBy({ name, registered }: Reward, names: readonly string[] = [name]): string | undefined {
  return names.find((one) => one === name || registered.includes(one));
}

function problemsOf({ left }: Prepared, scored: Scored): string[] {
  return [
    ...left.map(({ column, rows, why }) => `${rows} rows are unknown for want of "${column}": ${why}.`),
    ...(scored.withheld === undefined ? [] : [scored.withheld]),
    ...(scored.notes ?? []),
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
