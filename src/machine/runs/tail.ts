import type { Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import type { Piece } from '../hosts/hostProtocol';

/** What a tail needs of a machine. */
export interface Reading {
  read(args: { path: string; offset: number; limit?: number; wait?: number; file?: string }): Promise<Piece>;
}

/** Who is told what a file says. */
export interface Follower {
  /** Whole lines, without their newlines, as bytes came; `offset` is that of the first byte behind them. */
  lines(lines: readonly string[], offset: number): void;
  /** The file was cut or replaced: what was told before is gone, and it is told from its start again. */
  again?(): void;
  /** Everything that was there when it was looked at has been told. */
  caughtUp?(): void;
  /** The connection is lost (a `Problem`), or back (undefined). */
  lost?(problem: Problem | undefined): void;
}

export interface TailOptions {
  /** First byte that is told; negative counts from the end, and then the first whole line begins it. */
  readonly offset?: number;
  /** Seconds that the host waits for something new before it answers with nothing. */
  readonly wait?: number;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;

/** Follows a growing file by byte offset, over lost connections: no byte lost, none told twice, whole lines only. */
export class Tail implements Disposable {
  #offset: number;
  #file: string | undefined;
  #rest = Buffer.alloc(0);
  #skip: boolean;
  #disposed = false;
  /** Settles once the following has ended. */
  readonly ended: Promise<void>;

  constructor(
    private readonly host: Reading,
    private readonly path: string,
    private readonly follower: Follower,
    private readonly options: TailOptions = {},
  ) {
    this.#offset = options.offset ?? 0;
    this.#skip = this.#offset < 0;
    this.ended = this.#follow();
  }

  /** Bytes at the end that are no whole line yet. */
  get rest(): string {
    return this.#rest.toString('utf8');
  }

  async #follow(): Promise<void> {
    let pause = FIRST_PAUSE;
    let lost = false;
    while (!this.#disposed) {
      try {
        const piece = await this.#read();
        if (lost) this.follower.lost?.(undefined);
        [lost, pause] = [false, FIRST_PAUSE];
        if (!this.#disposed) this.#take(piece);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (!lost && !this.#disposed) this.follower.lost?.(error);
        lost = true;
        await sleep(pause, () => this.#disposed);
        pause = Math.min(LONGEST_PAUSE, pause * 2);
      }
    }
  }

  #read(): Promise<Piece> {
    const { wait = 10 } = this.options;
    return this.host.read({
      path: this.path,
      offset: this.#offset,
      wait,
      ...(this.#file === undefined ? {} : { file: this.#file }),
    });
  }

  #take(piece: Piece): void {
    const replaced = this.#file !== undefined && this.#file !== '' && piece.file !== this.#file;
    if (replaced || (this.#offset >= 0 && piece.size < this.#offset)) return this.#restart(piece.file);
    this.#file = piece.file === '' ? undefined : piece.file;
    if (piece.offset === 0) this.#skip = false;
    const data = Buffer.from(piece.data, 'base64');
    this.#offset = piece.offset + data.length;
    this.#tell(data);
    if (this.#offset >= piece.size) this.follower.caughtUp?.();
  }

  #restart(file: string): void {
    this.#offset = 0;
    this.#rest = Buffer.alloc(0);
    this.#skip = false;
    this.#file = file === '' ? undefined : file;
    this.follower.again?.();
  }

  #tell(data: Buffer): void {
    const end = data.lastIndexOf(10);
    if (end < 0) {
      this.#rest = Buffer.concat([this.#rest, data]);
      return;
    }
    const whole = Buffer.concat([this.#rest, data.subarray(0, end)]);
    this.#rest = Buffer.from(data.subarray(end + 1));
    const lines = whole.toString('utf8').split('\n');
    if (this.#skip) lines.shift();
    this.#skip = false;
    if (lines.length > 0) this.follower.lines(lines, this.#offset - this.#rest.length);
  }

  dispose(): void {
    this.#disposed = true;
  }
}

async function sleep(milliseconds: number, over: () => boolean): Promise<void> {
  for (let waited = 0; waited < milliseconds && !over(); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
