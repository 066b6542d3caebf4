import { withFlag } from '../../runs/resuming';

/** `--resume_from_checkpoint FOLDER` (`transformers:src/transformers/training_args.py:1262 @ v5.17`). */
export function resumed(command: readonly string[], checkpoint: string | undefined): readonly string[] {
  return checkpoint === undefined ? command : withFlag(command, 'resume_from_checkpoint', checkpoint);
}
