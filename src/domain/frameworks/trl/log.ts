import { numeral } from '../../numeral';
import type { MetricLine } from '../framework';

const PAIR =
  /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"): ?(?:'([^']*)'|"([^"]*)"|(\w+\([^()]*\)|[\w.()]+\([^()]*\)|[^,{}[\]'"]+)|\[[^\]]*\]|\{[^}]*\}),?/y;

/**
 * The key that the trainer adds to each of its lines (`Trainer.log`: transformers:src/transformers/trainer.py @ v4.40 to
 * v5.17); other dictionaries in a log have none.
 */
const SIGN = /["']epoch["']: /;

/** Pairs of a Python dictionary that starts at `start` (its brace); nested values are left out. */
function dictionary(line: string, start: number): Map<string, string> | undefined {
  const found = new Map<string, string>();
  PAIR.lastIndex = start + 1;
  for (let match = PAIR.exec(line); match; match = PAIR.exec(line)) {
    const value = match[3] ?? match[4] ?? match[5];
    if (value !== undefined) found.set(match[1] ?? match[2] ?? '', value.trim());
    start = PAIR.lastIndex;
    if (line.charAt(start) === '}') return found;
  }
  return undefined;
}

/**
 * A metric line of the trainer: `{'loss': 0.01, …, 'epoch': 0.1}`, after a progress bar or a prefix. transformers 5
 * quotes the numbers. It has no step (that stands in the progress bar), but for `global_step/max_steps`.
 */
export function metric(line: string): MetricLine | undefined {
  const start = line.search(/\{['"]/);
  if (start < 0 || !SIGN.test(line)) return undefined;
  const pairs = dictionary(line, start) ?? dictionary(line, line.lastIndexOf("{'"));
  if (!pairs?.has('epoch')) return undefined;
  const values: Record<string, number> = {};
  for (const [key, text] of pairs) {
    const value = numeral(text);
    if (value !== undefined) values[key] = value;
  }
  const at = /^(\d+)\/(\d+)$/.exec(pairs.get('global_step/max_steps') ?? '');
  return { values, ...(at ? { step: Number(at[1]), steps: Number(at[2]) } : {}) };
}

/** Names of older versions (`completion_length` up to v0.16.x) and their present ones. */
export function commonName(name: string): string | undefined {
  const bare = /^rewards\/([^/]+)$/.exec(name);
  if (bare) return `${name}/mean`;
  return OLD[name];
}

/** trl:trl/trainer/grpo_trainer.py @ v0.16.1 and v0.17.0; ms-swift renamed the same in v3.3 and v3.4. */
const OLD: Readonly<Record<string, string>> = {
  completion_length: 'completions/mean_length',
  response_clip_ratio: 'completions/clipped_ratio',
  clip_ratio: 'clip_ratio/region_mean',
  'entropy/mean': 'entropy',
};
