import { bars, type Progress } from '../progress';
import * as easyr1 from './easyr1/log';
import type { MetricLine } from './framework';
import * as swift from './swift/log';
import * as trl from './trl/log';
import * as verl from './verl/log';

/** A metric line with its place. */
export interface Point {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The framework's name for a curve in the words that all share: those of TRL's newest version. */
export function commonName(name: string): string {
  return trl.commonName(name) ?? verl.commonName(name) ?? easyr1.commonName(name) ?? name;
}

/**
 * Reads the log of any framework, line by line; the lines tell which one it is. Where a line has no step of its own, the
 * progress bar tells it: the one drawn again right after the line, else the last one before it, else lines are counted.
 */
export class LogReader {
  readonly #blocks = new easyr1.Blocks();
  #waiting: MetricLine | undefined;
  #bar: Progress | undefined;
  #wrapped: number | undefined;
  #last = 0;
  #stride = 1;

  /** Steps in all, where the log tells. */
  get steps(): number | undefined {
    return this.#bar?.steps;
  }

  /** The last step that a progress bar or a line named. */
  get step(): number {
    return Math.max(this.#last, this.#bar?.step ?? 0);
  }

  /** Points that this line (without its newline) completes. */
  read(line: string): Point[] {
    const drawn = bars(line);
    const points = this.#settle(drawn[0]);
    this.#bar = drawn.at(-1) ?? this.#bar;
    const found = this.#metric(line);
    if (found?.step !== undefined) points.push(this.#placed(found, found.step));
    else if (found) this.#waiting = found;
    return points;
  }

  /** The points that are still waiting, at the end of what is there; `partial` is the line that has no end yet. */
  rest(partial: string): Point[] {
    const drawn = bars(partial);
    const points = this.#settle(drawn[0]);
    this.#bar = drawn.at(-1) ?? this.#bar;
    return points;
  }

  #metric(line: string): MetricLine | undefined {
    const found = line.includes('{')
      ? (swift.metric(line) ?? verl.metric(line) ?? easyr1.metric(line))
      : verl.metric(line);
    if (found) this.#wrapped = Object.keys(found.values).length === 0 ? found.step : undefined;
    return found ?? this.#continued(line) ?? this.#blocks.read(line);
  }

  /** verl's line when something has wrapped it: `step:1`, then one ` - name:number` a line. */
  #continued(line: string): MetricLine | undefined {
    if (this.#wrapped === undefined) return undefined;
    if (/^\s+- \S+:\S+\s*$/.test(line)) return { step: this.#wrapped, values: verl.pairs(line) };
    this.#wrapped = undefined;
    return undefined;
  }

  #settle(after: Progress | undefined): Point[] {
    const waiting = this.#waiting;
    if (!waiting) return [];
    this.#waiting = undefined;
    return [this.#placed(waiting, this.#stepOf(waiting, after))];
  }

  #stepOf(line: MetricLine, after: Progress | undefined): number {
    const said = (after ?? this.#bar)?.step;
    if (!('learning_rate' in line.values)) return said ?? this.#last;
    if (said !== undefined && (said > this.#last || (after !== undefined && said < this.#last))) return said;
    return this.#last + this.#stride;
  }

  #placed(line: MetricLine, step: number): Point {
    if (line.steps !== undefined) this.#bar = { step, steps: line.steps };
    if (step > this.#last) this.#stride = this.#last === 0 ? 1 : step - this.#last;
    this.#last = step;
    return { step, values: line.values };
  }
}
