import type { Sheet } from '../config/sheet';
import type { FrameworkId } from './framework';
import { which } from './which';

/** Where a line of shell starts a training. */
export const STARTS =
  /\b(?:swift (?:rlhf|sft|infer)|torchrun|accelerate launch|deepspeed [\w./]*\.py|python3? +(?:-m +)?[\w./]*train\w*)/;

const NOWHERE = { start: 0, end: 0 };

/** Words before settings are at most so many: `torchrun --nproc_per_node 8 -m swift.cli.rlhf`. */
const MOST = 8;

/** The framework that a command starts, by its first words; `own` for every other program. */
export function frameworkOf(command: readonly string[]): FrameworkId {
  for (let from = 0; from < Math.min(MOST, command.length); from++) {
    for (let to = from + 1; to <= Math.min(from + 3, command.length); to++) {
      const found = which(sheetOf(command.slice(from, to)));
      if (found) return found.id;
    }
  }
  return 'own';
}

function sheetOf(command: readonly string[]): Sheet {
  return { dialect: 'flags', span: NOWHERE, command, settings: [], environment: [], positional: [], findings: [] };
}
