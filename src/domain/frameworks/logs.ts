import { bars, type Progress } from '../runs/progress';
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

/** A metric line's beginning without its end, and the most characters that are waited for. */
const OPEN = /\{'(?:loss|reward|learning_rate|grad_norm|num_tokens|completion)[^}]*$/;
const LONGEST = 20_000;

const NO_POINTS: readonly Point[] = [];

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
  #tail = '';
  #broken = '';
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
  read(line: string): readonly Point[] {
    if (this.#isPlain(line)) return NO_POINTS;
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

  /** Most lines of a log tell nothing, and nothing waits for them: seen by a few words, without any pattern. */
  #isPlain(line: string): boolean {
    if (this.#waiting || this.#broken !== '' || this.#wrapped !== undefined || this.#blocks.open) return false;
    return !line.includes('{') && !line.includes('%') && !line.includes('tep');
  }

  #metric(part: string): MetricLine | undefined {
    const line = this.#joined(part);
    if (line === undefined) return undefined;
    const found = line.includes('{')
      ? (swift.metric(line) ?? verl.metric(line) ?? easyr1.metric(line))
      : verl.metric(line);
    if (found) [this.#wrapped, this.#tail] = line.includes('{') ? [undefined, ''] : [found.step, lastPiece(line)];
    return found ?? this.#continued(line) ?? this.#blocks.read(line);
  }

  /** A dictionary that a terminal has broken into lines, once it is whole; undefined while it is not. */
  #joined(line: string): string | undefined {
    const whole = this.#broken === '' ? line : this.#broken + line;
    if (!whole.includes("{'") || !OPEN.test(whole)) {
      this.#broken = '';
      return whole;
    }
    const given = whole.length > LONGEST;
    this.#broken = given ? '' : whole;
    return given ? line : undefined;
  }

  /** verl's line when something has broken it: before a ` - name:number`, or wherever a terminal's width was reached. */
  #continued(line: string): MetricLine | undefined {
    if (this.#wrapped === undefined) return undefined;
    const step = this.#wrapped;
    const begins = /^\s*- \S.*:\S+/.test(line);
    const whole = begins ? line.replace(/^\s*- /, '') : `${this.#tail}${line}`;
    const known = begins || verl.isRest(whole, line);
    this.#tail = known ? lastPiece(whole) : '';
    if (known) return { step, values: verl.pairs(whole) };
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

/** What stands behind the last ` - ` of a line that may be broken within it. */
function lastPiece(line: string): string {
  return line.slice(line.lastIndexOf(' - ') + 1).replace(/^- /, '');
}

/** A line of a training step; the others tell of an evaluation or sum up the end. */
function isTraining({ values }: MetricLine): boolean {
  return !('train_runtime' in values) && !Object.keys(values).some((name) => name.startsWith('eval_'));
}
