import { safeParse, type GenericSchema } from 'valibot';
import {
  CancellationTokenSource,
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/event';
import { Problem, type ProblemRecord } from '../domain/problem';
import { PortReader, PortWriter } from './port';
import { installRuntime } from './runtime';

installRuntime();

/** Anything that carries plain data both ways: a webview, a worker, a pipe. */
export interface Port {
  send(message: unknown): void;
  readonly onMessage: Event<unknown>;
  readonly onClose: Event<void>;
}

export interface Ask<Args, Result> {
  readonly args: Args;
  readonly result: Result;
}

/** What may be asked of one side, and what that side tells by itself. */
export interface Protocol {
  readonly asks: object;
  readonly tells: object;
}

type ArgsOf<T> = T extends Ask<infer Args, unknown> ? Args : never;
type ResultOf<T> =
  T extends Ask<never, infer Result> ? Result : T extends Ask<infer _Args, infer Result> ? Result : never;

/** The methods that answer a protocol. `signal` aborts when the asker gives up or the port closes. */
export type Methods<P extends Protocol> = {
  readonly [K in keyof P['asks']]: (
    args: ArgsOf<P['asks'][K]>,
    signal: AbortSignal,
  ) => ResultOf<P['asks'][K]> | Promise<ResultOf<P['asks'][K]>>;
};

/** One schema per method: what comes through the port is checked by it before it is believed. */
export type Guards<P extends Protocol> = {
  readonly [K in keyof P['asks']]: GenericSchema<unknown, ArgsOf<P['asks'][K]>>;
};

/** The answering side of a port. */
export interface Served<P extends Protocol> extends Disposable {
  tell<K extends keyof P['tells'] & string>(name: K, data: P['tells'][K]): void;
}

/** The asking side of a port. */
export interface Called<P extends Protocol> extends Disposable {
  ask<K extends keyof P['asks'] & string>(
    name: K,
    args: ArgsOf<P['asks'][K]>,
    signal?: AbortSignal,
  ): Promise<ResultOf<P['asks'][K]>>;
  on<K extends keyof P['tells'] & string>(name: K, listener: (data: P['tells'][K]) => void): Disposable;
}

/**
 * Answers `P` over a port. Every call ends: with a result, or with a `Problem`; arguments that do not fit their guard
 * are refused before the method sees them.
 */
export function serve<P extends Protocol>(
  port: Port,
  guards: Guards<P>,
  methods: Methods<P>,
  onBug?: (error: unknown) => void,
): Served<P> {
  const connection = connect(port);
  for (const name of Object.keys(methods) as (keyof P['asks'] & string)[]) {
    connection.onRequest(name, async (args: unknown, token: CancellationToken) => {
      try {
        return await methods[name](checked(name, guards[name], args), signalOf(token));
      } catch (error) {
        if (!(error instanceof Problem)) onBug?.(error);
        throw new ResponseError(ErrorCodes.InternalError, String(error), recordOf(error));
      }
    });
  }
  connection.listen();
  return { tell: (name, data) => void connection.sendNotification(name, data), dispose: () => connection.dispose() };
}

/** Asks `P` over a port. A failing call throws a `Problem`; so does every open call when the port closes. */
export function call<P extends Protocol>(port: Port): Called<P> {
  const connection = connect(port);
  const open = new Set<(problem: Problem) => void>();
  const close = (): void => open.forEach((fail) => fail(CLOSED));
  const following = port.onClose(close);
  connection.listen();
  return {
    ask: async (name, args, signal) => {
      const source = new CancellationTokenSource();
      const failed = failing();
      const stop = (): void => {
        source.cancel();
        failed.reject(CANCELLED);
      };
      open.add(failed.reject);
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      try {
        return await Promise.race([connection.sendRequest<never>(name, args, source.token), failed.promise]);
      } catch (error) {
        throw problemOf(error);
      } finally {
        open.delete(failed.reject);
        signal?.removeEventListener('abort', stop);
      }
    },
    on: (name, listener) => connection.onNotification(name, listener),
    dispose: () => {
      following.dispose();
      close();
      connection.dispose();
    },
  };
}

function connect(port: Port): MessageConnection {
  return createMessageConnection(new PortReader(port), new PortWriter(port), SILENT);
}

const SILENT = { error: (): void => {}, warn: (): void => {}, info: (): void => {}, log: (): void => {} };

function checked<T>(name: string, guard: GenericSchema<unknown, T>, args: unknown): T {
  const result = safeParse(guard, args);
  if (result.success) return result.output;
  const why = result.issues.map((issue) => issue.message).join('; ');
  throw new Problem({
    code: 'invalid-message',
    message: `The call "${name}" came with arguments that do not fit: ${why}.`,
  });
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

const CLOSED = new Problem({ code: 'closed', message: 'The other side has closed the connection.' });
const CANCELLED = new Problem({ code: 'cancelled', message: 'Cancelled.' });

/** A promise that can only be rejected, from outside. */
function failing(): { readonly promise: Promise<never>; readonly reject: (problem: Problem) => void } {
  let reject: (problem: Problem) => void = () => {};
  const promise = new Promise<never>((_, fail) => (reject = fail));
  return { promise, reject };
}

/** What another side may know of an error: a `Problem` whole, a bug by its message only. */
function recordOf(error: unknown): ProblemRecord {
  if (error instanceof Problem) return error.record;
  return {
    code: 'bad-input',
    message: 'Something went wrong inside GRPO Lens; the log tells more.',
    remedy: 'open-log',
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const data = error instanceof ResponseError ? (error.data as ProblemRecord | undefined) : undefined;
  if (data?.message !== undefined) return new Problem(data);
  const message = error instanceof Error ? error.message : String(error);
  return new Problem({ code: /dispose|close/i.test(message) ? 'closed' : 'unsupported', message });
}
