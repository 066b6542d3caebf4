import { disposable, type Disposable } from './disposable';

/** Something that can be followed; the disposable ends the following. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The sending side of an event. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return disposable(() => this.#listeners.delete(own));
  };

  /** Calls every listener, in the order in which they came; every one is tried, then the first error is thrown. */
  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** A value that can be read now and followed from now on. */
export class Cell<T> implements Disposable {
  readonly #emitter = new Emitter<T>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly onChange: Event<T> = this.#emitter.event;

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#emitter.fire(value);
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}
