import { flattened, jsonRow, numeral } from '../../numeral';
import type { MetricLine } from '../framework';

const START = /(?:^|[\s)\r])step:(\d+)(?= - |\s*$)/;
/** EasyR1 until 27 March 2025: `step 3: - a/b:0.500` (verl/utils/logger/aggregate_logger.py:23 @ 2e8cf9a). */
const OLD_START = /(?:^|[\s)\r])step (\d+):(?= - [\w.@-]+\/)/;

/**
 * A console line `step:12 - a/b:0.5 - …` behind any prefix (Ray's, colours, a progress bar; verl/utils/logger/
 * aggregate_logger.py:26 @ v0.10.0.dev), or a row `{"step": 12, "data": {…}}` of the file logger (tracking.py:419).
 */
export function metric(line: string): MetricLine | undefined {
  return line.startsWith('{"') ? fileRow(line) : consoleLine(line);
}

/** The numbers of ` - name:number` pieces; names may hold colons, so each is split at its last one. */
export function pairs(text: string): Record<string, number> {
  const values: Record<string, number> = {};
  for (const piece of text.split(' - ')) {
    const colon = piece.lastIndexOf(':');
    if (colon <= 0) continue;
    const value = numeral(
      piece
        .slice(colon + 1)
        .replace(COLOUR, '')
        .trim(),
    );
    if (value !== undefined) values[piece.slice(0, colon).trim()] = value;
  }
  return values;
}

/** Whether a line goes on with a piece that was broken at a terminal's width: joined, `whole` begins with a piece and more follow. */
export function isRest(whole: string, line: string): boolean {
  const [first = '', second] = whole.split(' - ');
  const name = first.slice(0, first.lastIndexOf(':'));
  const joined = name.includes('/') && numeral(first.slice(name.length + 1).trim()) !== undefined;
  return joined && line !== '' && (second === undefined ? /^[\d./:]/.test(line) : second.includes('/'));
}

const COLOUR = /\u001b\[[0-9;]*m/g;

function consoleLine(line: string): MetricLine | undefined {
  const found =
    (line.includes('step:') ? START.exec(line) : null) ?? (line.includes('step ') ? OLD_START.exec(line) : null);
  if (!found) return undefined;
  const rest = line.slice(found.index + found[0].length);
  const values = pairs(rest);
  const broken = /^ - [\w.@-]+\/[\w./@-]*$/.test(rest);
  if (rest.trim() !== '' && !broken && !Object.keys(values).some((name) => name.includes('/'))) return undefined;
  return { step: Number(found[1]), values };
}

function fileRow(line: string): MetricLine | undefined {
  const row = jsonRow(line);
  const data = row?.['data'];
  if (typeof row?.['step'] !== 'number' || typeof data !== 'object' || data === null) return undefined;
  return { step: row['step'], values: flattened(data) };
}

const COMMON: Readonly<Record<string, string>> = {
  'critic/score/mean': 'reward',
  'critic/score/max': 'reward/max',
  'critic/score/min': 'reward/min',
  'actor/entropy': 'entropy',
  'actor/entropy_loss': 'entropy',
  'actor/kl_loss': 'kl',
  'actor/reward_kl_penalty': 'kl',
  'critic/kl': 'kl',
  'actor/pg_loss': 'loss',
  'actor/grad_norm': 'grad_norm',
  'actor/lr': 'learning_rate',
  'response_length/mean': 'completions/mean_length',
  'response_length/max': 'completions/max_length',
  'response_length/min': 'completions/min_length',
  'response_length/clip_ratio': 'completions/clipped_ratio',
  'actor/pg_clipfrac': 'clip_ratio/region_mean',
  'perf/time_per_step': 'step_time',
  'perf/throughput': 'throughput',
};

/** verl's names in common words (verl/trainer/ppo/metric_utils.py:436 @ v0.10.0.dev and older names of v0.2 to v0.4). */
export function commonName(name: string): string | undefined {
  return COMMON[name];
}
