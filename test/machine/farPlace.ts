import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePlace, removeHome, type Place } from './place';
import { startSshd, type Sshd } from './sshd';

/** A host of our own that is the target `far`, and the home here that knows it. */
export interface FarPlace {
  readonly sshd: Sshd;
  readonly place: Place;
  /** Where the host keeps its runs. */
  readonly far: string;
  remove(): void;
}

/** `far` is its name among these targets. */
export async function makeFarPlace(
  targets: Readonly<Record<string, unknown>> = { far: { ssh: 'lens', detach: 'setsid' } },
): Promise<FarPlace> {
  const far = mkdtempSync(join(tmpdir(), 'lens-far-'));
  const sshd = await startSshd({ GRPO_LENS_HOME: far });
  const place = makePlace(targets);
  return {
    sshd,
    place,
    far,
    remove: () => {
      sshd.stop();
      place.remove();
      removeHome(far);
    },
  };
}
