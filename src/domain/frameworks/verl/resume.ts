import { withOverride } from '../../runs/resuming';

/** `trainer.resume_mode=auto` finds the last checkpoint by itself (`verl/trainer/config/ppo_trainer.yaml:183`); it is the default. */
export function resumed(command: readonly string[]): readonly string[] {
  return withOverride(command, 'trainer.resume_mode', 'auto');
}
