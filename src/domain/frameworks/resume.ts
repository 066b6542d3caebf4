import * as easyr1 from './easyr1/resume';
import type { FrameworkId } from './framework';
import * as own from './own/resume';
import * as swift from './swift/resume';
import * as trl from './trl/resume';
import * as verl from './verl/resume';

type Resumed = (command: readonly string[], checkpoint: string | undefined) => readonly string[];

const WAYS: Readonly<Record<FrameworkId, Resumed>> = {
  easyr1: easyr1.resumed,
  swift: swift.resumed,
  trl: trl.resumed,
  verl: verl.resumed,
  own: own.resumed,
};

/** The command that goes on from a checkpoint by the framework's own way; the same command for a trainer of the user's, but for the tiny one. */
export function resumedCommand(
  framework: FrameworkId,
  command: readonly string[],
  checkpoint: string | undefined,
): readonly string[] {
  return WAYS[framework](command, checkpoint);
}
