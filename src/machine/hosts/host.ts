import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Problem } from '../../domain/problem';
import { call, type Called } from '../../wire/wire';
import type { HostProtocol } from './hostProtocol';
import type { Pipe, Shell } from '../shell';

type Asks = HostProtocol['asks'];
type Args<K extends keyof Asks> = Asks[K] extends { readonly args: infer A } ? A : never;
type Result<K extends keyof Asks> = Asks[K] extends { readonly result: infer R } ? R : never;

/** One connection to one machine, made when it is first needed and again when it was lost. */
export class Host implements Disposable {
  #open: Promise<Called<HostProtocol>> | undefined;
  #pipe: Pipe | undefined;
  #disposed = false;

  constructor(private readonly shell: Shell) {}

  get name(): string {
    return this.shell.name;
  }

  /** Asks once. Throws a `Problem`: of the connection (`ssh`, `closed`, `timeout`), or the host's own. */
  async ask<K extends keyof Asks>(name: K, args: Args<K>, seconds = 60): Promise<Result<K>> {
    const called = await this.#connection();
    const timeout = AbortSignal.timeout(seconds * 1000);
    try {
      return (await called.ask(name, args as never, timeout)) as Result<K>;
    } catch (error) {
      if (!timeout.aborted) throw error;
      this.#pipe?.dispose();
      throw slow(this.name, seconds);
    }
  }

  #connection(): Promise<Called<HostProtocol>> {
    if (this.#disposed) throw new Problem({ code: 'closed', message: `The connection to ${this.name} was given up.` });
    this.#open ??= this.#connect();
    return this.#open;
  }

  async #connect(): Promise<Called<HostProtocol>> {
    try {
      const pipe = await this.shell.open();
      if (this.#disposed) pipe.dispose();
      this.#pipe = pipe;
      const closed = new Emitter<void>();
      pipe.onClose(() => {
        this.#open = undefined;
        closed.fire();
      });
      return call<HostProtocol>({ send: pipe.send, onMessage: pipe.onMessage, onClose: closed.event });
    } catch (error) {
      this.#open = undefined;
      throw error;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#pipe?.dispose();
  }
}

function slow(name: string, seconds: number): Problem {
  const message = `${name} gave no answer within ${seconds} s.`;
  return new Problem({ code: 'timeout', message, remedy: 'retry' });
}
