import { Emitter, type Event } from '../base/event';
import type { Port } from './wire';

/** One life of a page. A page that was thrown away and made again is another session on the same channel. */
export interface Enveloped {
  readonly session: string;
  readonly message: unknown;
}

/** Something that carries messages for one session after another, such as a webview. */
export interface Channel {
  post(message: unknown): void;
  readonly onMessage: Event<unknown>;
  readonly onClose: Event<void>;
}

/**
 * Calls `start` with a fresh port for each session that speaks; the port of the session before is closed first, so no
 * late answer reaches a page that did not ask for it.
 */
export function eachSession(channel: Channel, start: (port: Port) => void): void {
  let current: { session: string; messages: Emitter<unknown>; closed: Emitter<void> } | undefined;
  channel.onClose(() => current?.closed.fire());
  channel.onMessage((raw) => {
    if (!isEnveloped(raw)) return;
    if (current?.session !== raw.session) {
      current?.closed.fire();
      const { session } = raw;
      const next = { session, messages: new Emitter<unknown>(), closed: new Emitter<void>() };
      current = next;
      start({
        send: (message) => {
          if (current === next) channel.post({ session, message });
        },
        onMessage: next.messages.event,
        onClose: next.closed.event,
      });
    }
    current.messages.fire(raw.message);
  });
}

/** The page's end: a port that speaks and hears one session only. */
export function asSession(channel: Channel, session: string): Port {
  const messages = new Emitter<unknown>();
  channel.onMessage((raw) => {
    if (isEnveloped(raw) && raw.session === session) messages.fire(raw.message);
  });
  return {
    send: (message) => channel.post({ session, message }),
    onMessage: messages.event,
    onClose: channel.onClose,
  };
}

function isEnveloped(raw: unknown): raw is Enveloped {
  return typeof raw === 'object' && raw !== null && typeof (raw as Enveloped).session === 'string';
}
