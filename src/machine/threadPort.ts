import { Emitter } from '../base/event';
import type { Port } from '../wire/wire';

/** What a worker and its parent's end have in common. */
interface Thread {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit' | 'close', listener: () => void): unknown;
}

/** The wire over a thread's messages. */
export function portOf(thread: Thread): Port {
  const messages = new Emitter<unknown>();
  const closed = new Emitter<void>();
  thread.on('message', (message) => messages.fire(message));
  thread.on('exit', () => closed.fire());
  thread.on('close', () => closed.fire());
  return { send: (message) => thread.postMessage(message), onMessage: messages.event, onClose: closed.event };
}
