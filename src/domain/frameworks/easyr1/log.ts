import { flattened, jsonRow, numeral } from '../../numeral';
import type { MetricLine } from '../framework';

/** A row of `experiment_log.jsonl`: `{"step": 1, "reward": {"overall": 0.45}}` (verl/utils/logger/logger.py:64 @ v0.3.3.dev0). */
export function metric(line: string): MetricLine | undefined {
  const row = jsonRow(line);
  if (typeof row?.['step'] !== 'number') return undefined;
  const { step: _step, ...rest } = row;
  const parts = Object.values(rest);
  const nested = parts.some((part) => typeof part === 'object' && part !== null);
  if (!nested || parts.some((part) => typeof part === 'string')) return undefined;
  return { step: row['step'], values: flattened(rest) };
}

const PREFIX = /^(?:\u001b\[[0-9;]*m)*(?:(\([\w ]+pid=[^)]*\))(?:\u001b\[[0-9;]*m)* ?)?/;
/** What is no number is printed as `!!float 'nan'` (verl/utils/py_functional.py:38 @ v0.3.2). */
const LEAF = /^( *)([^\s:][^:]*):(?: (?:!!float '([^']*)'|(\S+)))?\s*$/;

/**
 * The console's block: `Step 3`, then nested YAML (logger.py:56). Every leaf is a point of its own as soon as its line is
 * there; lines of other processes in between do no harm.
 */
export class Blocks {
  #step: number | undefined;
  #prefix = '';
  #path: string[] = [];

  /** Is a block being read? */
  get open(): boolean {
    return this.#step !== undefined;
  }

  read(line: string): MetricLine | undefined {
    if (this.#step === undefined && !line.includes('Step ')) return undefined;
    const prefix = PREFIX.exec(line);
    const own = prefix?.[1] ?? '';
    const text = line.slice(prefix?.[0].length ?? 0);
    const start = /^Step (\d+)\s*$/.exec(text);
    if (start) return this.#start(Number(start[1]), own);
    if (this.#step === undefined || own !== this.#prefix) return undefined;
    const leaf = LEAF.exec(text);
    if (!leaf) this.#step = undefined;
    return leaf ? this.#leaf(leaf[1]?.length ?? 0, leaf[2] ?? '', leaf[3] ?? leaf[4]) : undefined;
  }

  #start(step: number, prefix: string): undefined {
    this.#step = step;
    this.#prefix = prefix;
    this.#path = [];
  }

  #leaf(indent: number, key: string, text: string | undefined): MetricLine | undefined {
    this.#path = [...this.#path.slice(0, indent / 2), key];
    const value = text === undefined ? undefined : numeral(text);
    if (this.#step === undefined || value === undefined) return undefined;
    return { step: this.#step, values: { [this.#path.join('/')]: value } };
  }
}

/** EasyR1's own names in common words; what it shares with verl is named there (verl/trainer/metrics.py @ v0.3.3.dev0). */
export function commonName(name: string): string | undefined {
  if (name === 'actor/pg_clipfrac_higher') return 'clip_ratio/high_mean';
  if (name === 'actor/pg_clipfrac_lower') return 'clip_ratio/low_mean';
  const score = /^reward\/(?!(?:max|min)$)([^/]+)$/.exec(name);
  return score ? `rewards/${score[1]}/mean` : undefined;
}
