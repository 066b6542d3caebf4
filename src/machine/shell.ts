import type { Disposable } from '../base/disposable';
import type { Event } from '../base/event';
import type { Problem } from '../domain/problem';

/** A running `host.py serve` on some machine: one JSON object a line, both ways. */
export interface Pipe extends Disposable {
  send(message: unknown): void;
  readonly onMessage: Event<unknown>;
  /** Fires once, with the reason. */
  readonly onClose: Event<Problem>;
}

/** A way to a machine. */
export interface Shell {
  /** What people call it: `here`, or the host's name in the ssh settings. */
  readonly name: string;
  /** Starts `host.py` there; throws a `Problem` that says why it cannot. */
  open(): Promise<Pipe>;
}
