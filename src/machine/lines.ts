import { parsed } from '../base/json';
import type { Readable, Writable } from 'node:stream';
import { Emitter } from '../base/event';
import type { Port } from '../wire/wire';

/** A port over two streams: one JSON object a line. A line that is no JSON is handed to `onNoise` and else ignored. */
export class LinePort implements Port {
  readonly #messages = new Emitter<unknown>();
  readonly #closed = new Emitter<void>();
  #isClosed = false;
  #begun: Buffer[] = [];

  readonly onMessage = this.#messages.event;
  readonly onClose = this.#closed.event;

  constructor(
    from: Readable,
    private readonly to: Writable,
    private readonly onNoise: (line: string) => void,
  ) {
    from.on('data', (piece: Buffer) => this.#take(piece));
    from.on('close', () => this.close());
    from.on('error', () => this.close());
    to.on('error', () => this.close());
  }

  send(message: unknown): void {
    if (!this.#isClosed) this.to.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closed.fire();
  }

  #take(piece: Buffer): void {
    let rest = piece;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.#line(Buffer.concat([...this.#begun, rest.subarray(0, end)]).toString('utf8'));
      this.#begun = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#begun.push(rest);
  }

  #line(line: string): void {
    const message = parsed(line);
    if (message === undefined) this.onNoise(line);
    else this.#messages.fire(message);
  }
}
