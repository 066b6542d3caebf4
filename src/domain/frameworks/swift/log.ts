import { flattened, jsonRow } from '../../numeral';
import type { MetricLine } from '../framework';
import { metric as dictLine } from '../trl/log';

/**
 * A row of `logging.jsonl` (swift/trainers/patcher.py:54 @ v4.6.0.dev0) or a dictionary line of its output; both carry
 * the step as `global_step/max_steps`. The file's last row, a summary with the whole history, is none.
 */
export function metric(line: string): MetricLine | undefined {
  const row = jsonRow(line);
  if (!row) return dictLine(line);
  const place = row['global_step/max_steps'];
  if ('log_history' in row || (place === undefined && !('train_runtime' in row))) return undefined;
  const at = /^(\d+)\/(\d+)$/.exec(String(place));
  return { values: flattened(row), ...(at ? { step: Number(at[1]), steps: Number(at[2]) } : {}) };
}
