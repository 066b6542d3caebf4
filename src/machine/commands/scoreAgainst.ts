import { wordOf } from '../../domain/rollouts/distribution';
import { meets, sampleKey, type Expectation } from '../../domain/rewards/expectation';
import { flipsOf, type Flip } from '../../domain/rewards/flips';
import type { Reward } from '../../domain/rewards/reward';
import { toJson } from '../../domain/score';
import { expectationsOf } from '../rewards/expectations';
import type { Rewards, Samples } from '../rewards/rewards';
import { prepare, type Prepared } from '../rewards/samples';
import type { Table } from '../table/table';
import type { Version } from '../rewards/versions';
import type { Output } from './command';
import type { Asked } from './scoreAsked';
import type { Target } from '../rewards/rewardTargets';
import { excerpt } from './scoreExpect';

/** The text now, and the one that it is compared with. */
export interface Compared {
  readonly now: Version;
  readonly before: Version;
  readonly rewards: readonly Reward[];
  readonly table: Table;
  readonly expected: readonly Expectation[];
}

/** Lists the samples whose score differs between two texts; false where no expectation asks for the new score. */
export async function scoreAgainst(
  asked: Asked & Target,
  compared: Compared,
  python: Rewards,
  output: Output,
): Promise<boolean> {
  const { now, before, table } = compared;
  const found = await python.find(before.source, before.path);
  let good = true;
  for (const reward of compared.rewards) {
    const older = found.rewards.find(({ name }) => name === reward.name);
    if (!older) {
      output.note(`${before.name} has no reward "${reward.name}": nothing to compare.`);
      continue;
    }
    const prepared = await prepare(table, [...new Set([...reward.needs, ...older.needs])]);
    const job = { ...asked, reward: reward.name, samples: prepared.samples };
    const was = await python.score({ ...job, source: before.source, path: before.path });
    const is = await python.score({ ...job, source: now.source, path: now.path });
    const told = {
      asked,
      compared,
      prepared,
      reward,
      flips: flipsOf(was.scores, is.scores).map((flip) => withTelling(flip, reward, prepared.samples, compared)),
    };
    output.print((asked.json ? json : text)(told));
    for (const { column, rows, why } of prepared.left)
      output.note(`${rows} rows are unknown for want of "${column}": ${why}.`);
    good &&= told.flips.every(({ expected }) => expected);
  }
  return good;
}

interface ToldFlip extends Flip {
  /** An expectation states the new score. */
  readonly expected: boolean;
  readonly completion: unknown;
}

interface Told {
  readonly asked: Asked & Target;
  readonly compared: Compared;
  readonly prepared: Prepared;
  readonly reward: Reward;
  readonly flips: readonly ToldFlip[];
}

function withTelling(flip: Flip, reward: Reward, { columns }: Samples, { expected }: Compared): ToldFlip {
  const own = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[flip.sample]]));
  const key = sampleKey({ reward: '', columns: own });
  const stated = expectationsOf(reward, expected).find((one) => sampleKey({ ...one, reward: '' }) === key);
  return { ...flip, expected: stated !== undefined && meets(stated, flip.after), completion: own['completion'] };
}

function json({ asked, compared: { before, table }, prepared, reward, flips }: Told): string {
  return JSON.stringify({
    reward: asked.name ?? reward.name,
    against: before.name,
    samples: prepared.rows.length,
    unexpected: flips.filter(({ expected }) => !expected).length,
    flips: flips.map(({ sample, before: was, after, expected }) => {
      const row = prepared.rows[sample] ?? sample;
      const group = table.group[row] ?? -1;
      return { row, group: group < 0 ? null : group, was: toJson(was), is: toJson(after), expected };
    }),
  });
}

const MOST = 20;

function text({ asked, compared: { before, table }, prepared, reward, flips }: Told): string {
  const expected = flips.filter((flip) => flip.expected).length;
  const of = `${prepared.rows.length} samples against ${before.name}`;
  const how = expected === 0 ? '' : `, ${expected} of them expected`;
  const lines = flips.slice(0, MOST).map(({ sample, before: was, after, expected: asExpected, completion }) => {
    const row = prepared.rows[sample] ?? sample;
    const group = table.group[row] ?? -1;
    const place = group < 0 ? `row ${row}` : `row ${row} (group ${group})`;
    return `  ${place}: ${wordOf(was)} → ${wordOf(after)}${asExpected ? ' (expected)' : ''}  ${excerpt(completion)}`;
  });
  const more = flips.length > MOST ? [`  … and ${flips.length - MOST} more; --json lists all`] : [];
  return [
    `${asked.name ?? reward.name}: ${flips.length} ${flips.length === 1 ? 'flip' : 'flips'} of ${of}${how}`,
    ...lines,
    ...more,
  ].join('\n');
}
