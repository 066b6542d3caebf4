import type { Facts } from '../facts';
import { processes } from '../world';

/** `swift rlhf` starts torchrun only where NPROC_PER_NODE or NNODES is set, else one process (`swift/cli/main.py`). */
export function swiftWorld(facts: Facts): number | undefined {
  const command = facts.sheet.command;
  const alone = command.at(-1) === 'rlhf' && facts.environment('NPROC_PER_NODE') === null;
  if (!alone) return processes(facts);
  if (facts.environment('NNODES') !== null) return undefined;
  return facts.around.gpus ?? 1;
}
