import type { Disposable } from './disposable';

/** The part of the world's timers that pacing needs; `globalThis` has it everywhere. */
declare function setTimeout(run: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Calls `run` once, `milliseconds` after the last `call()`. */
export class Debounced implements Disposable {
  #timer: unknown;

  constructor(
    private readonly run: () => void,
    private readonly milliseconds: number,
  ) {}

  call(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.run, this.milliseconds);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}

/** Runs one at a time; asked meanwhile, runs once more afterwards, however often it was asked. */
export class OneAtATime {
  #running: Promise<void> | undefined;
  #again = false;

  constructor(private readonly run: () => Promise<void>) {}

  call(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop();
    return this.#running;
  }

  async #loop(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.run();
      } while (this.#again);
    } finally {
      this.#running = undefined;
    }
  }
}

/** Carries out one piece of work after the other, in the order in which they were asked for; each failure is its asker's own. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}
