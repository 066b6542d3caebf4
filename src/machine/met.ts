import * as v from 'valibot';
import type { Disk } from './disk';
import { wholeText } from './growing';

const gpu = v.object({ name: v.string() });

const met = v.object({
  host: v.string(),
  gpus: v.optional(v.array(gpu), []),
  packages: v.optional(v.record(v.string(), v.string()), {}),
  git: v.nullish(v.object({ commit: v.string(), changed: v.optional(v.array(v.string()), []) })),
});

/** What an attempt met when it began, as `met.json` tells: host, GPUs, versions of packages, commit of its folder. */
export type Met = v.InferOutput<typeof met>;

/** Undefined as long as it is not written, or cannot be understood. */
export async function metOf(disk: Disk, attempt: string): Promise<Met | undefined> {
  const text = await wholeText(disk, `${attempt}/met.json`);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), met), text);
  return parsed.success ? parsed.output : undefined;
}
