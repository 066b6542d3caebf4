import { withOverride } from '../../runs/resuming';

/** `trainer.load_checkpoint_path=…/global_step_N` (`verl/trainer/config.py:133`); without one it looks by itself. */
export function resumed(command: readonly string[], checkpoint: string | undefined): readonly string[] {
  if (checkpoint === undefined) return withOverride(command, 'trainer.find_last_checkpoint', 'true');
  return withOverride(command, 'trainer.load_checkpoint_path', checkpoint);
}
