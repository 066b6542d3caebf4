import { NULL } from './tape';

/** Words of a shape beside keys and literal texts (which are `TEXT` or `LITERAL + TEXT` and their bytes). */
export const END = 100;
export const TEXT_SLOT = 101;
export const NUMBER_SLOT = 102;
export const BYTES_SLOT = 103;
export const LIST_SLOT = 104;
export const RECORD_SLOT = 105;
export const SEGMENT = 106;
export const TEXT_END = 107;
/** Null, false, true, and texts that decide. */
export const LITERAL = 110 + NULL;
export const TAG = 130;
/** A list or record that is looked into: with its kind, and 16 times its count. */
export const INSIDE = 144;

/** States of all shapes together: beyond that, records are too different for shapes to be of use. */
const MOST_STATES = 20_000;

/** One word of a shape, and the bytes of a key or literal text. */
export interface Word {
  readonly word: number;
  readonly text: Buffer;
}

/** A place in the shapes seen so far; the way on from it is found by words. `T`: what is known of the shape that ends here. */
export class State<T> {
  readonly #steps: State<T>[] = [];
  /** Whether the column whose key led here is looked into. */
  looked?: boolean;
  known?: T;

  constructor(
    private readonly all: { count: number } = { count: 0 },
    private readonly before?: State<T>,
    readonly led: Word = { word: 0, text: Buffer.alloc(0) },
  ) {}

  step(word: number, bytes: Buffer, from: number, to: number): State<T> | undefined {
    const steps = this.#steps;
    for (let at = 0; at < steps.length; at++) {
      const state = steps[at];
      if (state?.led.word !== word || !isText(state.led.text, bytes, from, to)) continue;
      // Whatever comes often moves to the front.
      if (at > 0) [steps[at - 1], steps[at]] = [state, steps[at - 1] ?? state];
      return state;
    }
    if (this.all.count++ > MOST_STATES) return undefined;
    const state = new State<T>(this.all, this, { word, text: Buffer.from(bytes.subarray(from, to)) });
    steps.push(state);
    return state;
  }

  /** The words that lead here. */
  path(): readonly Word[] {
    return this.before ? [...this.before.path(), this.led] : [];
  }
}

function isText(text: Buffer, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let at = 0; at < text.length; at++) if (text[at] !== bytes[from + at]) return false;
  return true;
}
