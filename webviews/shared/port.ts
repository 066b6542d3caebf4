import { Emitter } from '../../src/base/event';
import { asSession } from '../../src/wire/session';
import { call, type Called, type Protocol } from '../../src/wire/wire';

interface Host {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();

/** Speaks to the editor; a page made again is a new session and says hello again. */
export function connect<P extends Protocol>(): Called<P> {
  const messages = new Emitter<unknown>();
  window.addEventListener('message', (event) => messages.fire(event.data));
  const channel = {
    post: (message: unknown) => host.postMessage(message),
    onMessage: messages.event,
    onClose: new Emitter<void>().event,
  };
  return call<P>(asSession(channel, crypto.randomUUID()));
}

/** Where the user was (scroll, filter, chosen series): the only thing a page keeps. */
export function recall<T extends object>(standard: T): T {
  const state = host.getState();
  return typeof state === 'object' && state !== null ? { ...standard, ...state } : standard;
}

export function remember(state: object): void {
  host.setState(state);
}
