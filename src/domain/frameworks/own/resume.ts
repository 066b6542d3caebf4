import { withSwitch } from '../../runs/resuming';

const TINY = /grpo_lens[/.]tiny\b/;

/** The tiny trainer goes on by `--resume`; of another trainer nothing is known, so its command stays as it is. */
export function resumed(command: readonly string[]): readonly string[] {
  return command.some((word) => TINY.test(word)) ? withSwitch(command, 'resume') : command;
}
