import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../src/base/event';
import { Problem } from '../../src/domain/problem';
import { call, serve, type Ask, type Guards, type Methods, type Port } from '../../src/wire/wire';

interface Sums {
  readonly asks: { readonly add: Ask<{ a: number; b: number }, number>; readonly wait: Ask<null, null> };
  readonly tells: { readonly news: string };
}

const guards: Guards<Sums> = { add: v.object({ a: v.number(), b: v.number() }), wait: v.null() };

/** Two ports, each the other's far end; messages are copied as a real port would. */
function pair(): { left: Port; right: Port; close: () => void } {
  const toLeft = new Emitter<unknown>();
  const toRight = new Emitter<unknown>();
  const closed = new Emitter<void>();
  const port = (out: Emitter<unknown>, into: Emitter<unknown>): Port => ({
    send: (message) => queueMicrotask(() => out.fire(structuredClone(message))),
    onMessage: into.event,
    onClose: closed.event,
  });
  return { left: port(toRight, toLeft), right: port(toLeft, toRight), close: () => closed.fire() };
}

const never: Methods<Sums>['wait'] = (_args, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Problem({ code: 'cancelled', message: 'Stopped.' })));
  });

describe('wire', () => {
  it('answers, tells, and copies nothing but data', async () => {
    const { left, right } = pair();
    const told: string[] = [];
    const served = serve<Sums>(right, guards, { add: ({ a, b }) => a + b, wait: never });
    const called = call<Sums>(left);
    called.on('news', (text) => told.push(text));
    expect(await called.ask('add', { a: 1, b: 2 })).toBe(3);
    served.tell('news', 'hello');
    await expect.poll(() => told).toEqual(['hello']);
  });

  it('refuses arguments that do not fit', async () => {
    const { left, right } = pair();
    serve<Sums>(right, guards, { add: ({ a, b }) => a + b, wait: never });
    const wrong = { a: 'one', b: 2 } as unknown as { a: number; b: number };
    await expect(call<Sums>(left).ask('add', wrong)).rejects.toMatchObject({ code: 'invalid-message' });
  });

  it('carries a Problem whole and a bug by name only', async () => {
    const { left, right } = pair();
    const bugs: unknown[] = [];
    const problem = new Problem({ code: 'missing', message: 'No such file.', remedy: 'retry' });
    const methods: Methods<Sums> = {
      add: ({ a }) => {
        throw a === 1 ? problem : new TypeError('secret detail');
      },
      wait: never,
    };
    serve<Sums>(right, guards, methods, (bug) => bugs.push(bug));
    const called = call<Sums>(left);
    await expect(called.ask('add', { a: 1, b: 1 })).rejects.toMatchObject(problem.record);
    await expect(called.ask('add', { a: 2, b: 1 })).rejects.not.toMatchObject({ message: 'secret detail' });
    expect(bugs).toHaveLength(1);
  });

  it('ends every call: by cancelling, by closing', async () => {
    const { left, right, close } = pair();
    serve<Sums>(right, guards, { add: ({ a, b }) => a + b, wait: never });
    const called = call<Sums>(left);
    const controller = new AbortController();
    const first = called.ask('wait', null, controller.signal);
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const second = called.ask('wait', null);
    close();
    await expect(second).rejects.toMatchObject({ code: 'closed' });
  });

  it('answers an unknown method with a Problem', async () => {
    const { left, right } = pair();
    serve<Sums>(right, guards, { add: ({ a, b }) => a + b, wait: never });
    const called = call<Sums>(left);
    await expect(called.ask('nothing' as 'wait', null)).rejects.toBeInstanceOf(Problem);
  });
});
