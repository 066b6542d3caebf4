import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { Runs } from '../runs/runs';
import { seenNow } from '../runs/seenNow';

/** Milliseconds between two looks. */
const LOOK = 250;

/** Follows a run's log until it has ended and its log was read to its end; or until `signal`, then as it is. Errors: `missing`. */
export async function ending(
  runs: Runs,
  run: Run,
  lines: (lines: readonly string[]) => void,
  signal?: AbortSignal,
): Promise<Run> {
  const log = new Lines(lines);
  for (let now = run; ;) {
    const seen = await seenNow(runs, run);
    now = seen ?? now;
    await log.read(runs, now);
    const going = !seen || now.state === 'running' || now.state === 'queued';
    if (going && signal?.aborted !== true) await pause(LOOK);
    else {
      log.end();
      return now;
    }
  }
}

/** What a log says, line by line, from where it was read to. */
class Lines {
  #offset = 0;
  #rest = '';
  readonly #decoder = new TextDecoder();

  constructor(private readonly tell: (lines: readonly string[]) => void) {}

  async read(runs: Runs, run: Run): Promise<void> {
    if (run.log === undefined) return;
    for (;;) {
      const found = await pieceOf(runs, run, { path: run.log, offset: this.#offset });
      if (found.length === 0) return;
      this.#offset += found.length;
      const parts = (this.#rest + this.#decoder.decode(found, { stream: true })).split('\n');
      this.#rest = parts.pop() ?? '';
      if (parts.length > 0) this.tell(parts);
    }
  }

  end(): void {
    if (this.#rest !== '') this.tell([this.#rest]);
    this.#rest = '';
  }
}

/** Nothing where the connection is gone or the log is not there yet: it is asked for again. */
async function pieceOf(runs: Runs, run: Run, at: { path: string; offset: number }): Promise<Buffer> {
  try {
    return (await runs.read(run, at.path, { offset: at.offset })).bytes;
  } catch (error) {
    if (error instanceof Problem) return Buffer.alloc(0);
    throw error;
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
