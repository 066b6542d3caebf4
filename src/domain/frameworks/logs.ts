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

/** Is this line of a JSONL file a row of metrics of any framework? */
export function isRow(line: string): boolean {
  const found = line.startsWith('{"') ? (swift.metric(line) ?? verl.metric(line) ?? easyr1.metric(line)) : undefined;
  return found !== undefined && Object.keys(found.values).length > 1;
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
  #rewound = false;
  readonly #starts: number[] = [];

  /** Steps in all, where the log tells. */
  get steps(): number | undefined {
    return this.#bar?.steps;
  }

  /** The last step that a progress bar or a line named. */
  get step(): number {
    return Math.max(this.#last, this.#bar?.step ?? 0);
  }

  /** The first step of each attempt that the log tells of: a resumed run begins again at an earlier step. */
  get starts(): readonly number[] {
    return this.#starts;
  }

  /** Points that this line (without its newline) completes. */
  read(line: string): Point[] {
    const points = this.rest(line);
    const found = this.#metric(line);
    if (found?.step !== undefined) points.push(this.#placed(found, found.step));
    else if (found) this.#waiting = found;
    return points;
  }

  /** The points that are still waiting, at the end of what is there; `partial` is the line that has no end yet. */
  rest(partial: string): Point[] {
    const drawn = bars(partial);
    const points = this.#settle(drawn[0]);
    this.#rewound ||= drawn.some(({ step, steps }) => steps === this.#bar?.steps && step < this.#last);
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
    if (!isTraining(line)) return said ?? this.#last;
    const back = this.#rewound || after !== undefined;
    if (said !== undefined && (said > this.#last || (back && said < this.#last) || (this.#rewound && said > 0)))
      return said;
    return this.#last + this.#stride;
  }

  #placed(line: MetricLine, step: number): Point {
    if (line.steps !== undefined) this.#bar = { step, steps: line.steps };
    if (this.#starts.length === 0 || step < this.#last || (this.#rewound && isTraining(line))) this.#starts.push(step);
    else if (step > this.#last) this.#stride = step - this.#last;
    if (isTraining(line)) this.#rewound = false;
    this.#last = step;
    return { step, values: line.values };
  }
}

/** A line of a training step; the others tell of an evaluation or sum up the end. */
function isTraining({ values }: MetricLine): boolean {
  return !('train_runtime' in values) && !Object.keys(values).some((name) => name.startsWith('eval_'));
}
