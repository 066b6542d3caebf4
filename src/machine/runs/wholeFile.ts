import type { Run } from '../../domain/runs/run';
import type { Runs } from './runs';

/** All bytes of a file on the run's machine, which come in pieces; undefined where there is none. */
export async function wholeFile(runs: Runs, run: Run, path: string): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for (let offset = 0; ; offset += parts.at(-1)?.length ?? 0) {
    const { bytes, piece } = await runs.read(run, path, { offset });
    if (piece.file === '') return undefined;
    parts.push(bytes);
    if (bytes.length === 0 || offset + bytes.length >= piece.size) return Buffer.concat(parts);
  }
}
