import { commonName, LogReader, type Point } from '../../domain/frameworks/logs';
import { folded } from '../../domain/runs/progress';
import type { Run } from '../../domain/runs/run';
import { sparkline } from '../../domain/runs/sparkline';
import type { Runs } from '../runs/runs';
import { seenNow } from '../runs/seenNow';
import { misuse, parse, type Command, type Output } from './command';
import { withRuns } from './open';
import { stateWords, whyWords, WHY_BYTES } from './words';

const usage = 'follow RUN [--log] [--json]';

/** `grpo follow`: a run's metrics as they come, to its end; 0 where it succeeded, 1 where not. */
export const followCommand: Command = {
  name: 'follow',
  usage,
  summary: 'shows a run’s metrics (or its log) as they come, to its end',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { values, positionals } = parse(usage, args, { log: { type: 'boolean' }, json: { type: 'boolean' } });
      const [word, ...more] = positionals;
      if (word === undefined || more.length > 0) throw misuse(usage, 'One run is needed');
      const run = await runs.find(word);
      const told = values.log ? new LogTeller(output) : values.json ? new JsonTeller(output) : new MetricTeller(output);
      const end = await toTheEnd(runs, run, told, output);
      if (values.json) output.print(JSON.stringify({ state: end.state, exit: end.facts.exit ?? null }));
      else for (const line of await endWords(runs, end)) output.note(line);
      return end.state === 'succeeded' ? 0 : 1;
    }),
};

async function endWords(runs: Runs, end: Run): Promise<readonly string[]> {
  const said = end.log === undefined ? undefined : await runs.read(end, end.log, { offset: -WHY_BYTES });
  const why = whyWords(end, said?.bytes.toString('utf8') ?? '');
  return [`${end.id}: ${stateWords(end)}`, ...why.map((line) => `  ${line}`)];
}

/** What is done with what a log says. */
interface Teller {
  lines(lines: readonly string[]): void;
  /** At the end: what has no newline, and a summary. */
  end(rest: string): void;
}

/** Milliseconds between two looks at the state. */
const LOOK = 1000;

/** Follows until the run has ended and its log was read to where it ended. */
async function toTheEnd(runs: Runs, run: Run, teller: Teller, output: Output): Promise<Run> {
  let read = 0;
  const tail = await runs.follow(
    run,
    {
      lines: (lines) => teller.lines(lines),
      caughtUp: () => void read++,
      again: () => output.note('The log was begun anew.'),
      lost: (problem) => output.note(problem ? `${problem.message} Trying again.` : 'The connection is back.'),
    },
    { wait: 1 },
  );
  let now = run;
  for (let unknown = 0; ;) {
    const seen = await seenNow(runs, run).catch((error: unknown) => {
      tail.dispose();
      throw error;
    });
    now = seen ?? now;
    const over = seen && seen.state !== 'running' && seen.state !== 'queued';
    // A folder that is just being removed tells as little as a run that nobody knows: it is looked at once more.
    if (over && (seen.state !== 'unknown' || unknown++ > 0)) break;
    await pause(LOOK);
  }
  for (const before = read; read < before + 2;) await pause(50);
  tail.dispose();
  teller.end(tail.rest);
  return now;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The log itself, as a terminal would have shown it. */
class LogTeller implements Teller {
  constructor(private readonly output: Output) {}

  lines(lines: readonly string[]): void {
    for (const line of lines) this.output.print(folded(line));
  }

  end(rest: string): void {
    if (rest !== '') this.output.print(folded(rest));
  }
}

/** One JSON object a point. */
class JsonTeller implements Teller {
  readonly #reader = new LogReader();

  constructor(private readonly output: Output) {}

  lines(lines: readonly string[]): void {
    for (const line of lines) this.#say(this.#reader.read(line));
  }

  end(rest: string): void {
    this.#say(this.#reader.rest(rest));
  }

  #say(points: readonly Point[]): void {
    for (const point of points) this.output.print(JSON.stringify(point));
  }
}

const EACH_REWARD = 'rewards/*/mean';

/** Shown in a line, as far as they are there, in this order. */
const SHOWN = ['reward', EACH_REWARD, 'kl', 'entropy', 'loss', 'grad_norm', 'completions/mean_length', 'step_time'];

/** One line a step with the common metrics; at the end each metric as a sparkline. */
class MetricTeller implements Teller {
  readonly #reader = new LogReader();
  readonly #curves = new Map<string, number[]>();

  constructor(private readonly output: Output) {}

  lines(lines: readonly string[]): void {
    for (const line of lines) this.#say(this.#reader.read(line));
  }

  end(rest: string): void {
    this.#say(this.#reader.rest(rest));
    const width = Math.max(0, ...[...this.#curves.keys()].map((name) => name.length));
    for (const [name, values] of this.#curves) {
      const [first = NaN, last = NaN] = [values[0], values.at(-1)];
      this.output.print(`${name.padEnd(width)}  ${sparkline(values)}  ${brief(first)} → ${brief(last)}`);
    }
  }

  #say(points: readonly Point[]): void {
    for (const { step, values } of points) {
      const named = Object.entries(values).map(([name, value]) => [commonName(name), value] as const);
      const shown = named.filter(([name]) => placeOf(name) >= 0).sort(([a], [b]) => placeOf(a) - placeOf(b));
      for (const [name, value] of shown) this.#keep(name, value);
      if (shown.length === 0) continue;
      const steps = this.#reader.steps === undefined ? '' : `/${this.#reader.steps}`;
      this.output.print(`step ${step}${steps}  ${shown.map(([name, value]) => `${name} ${brief(value)}`).join('  ')}`);
    }
  }

  #keep(name: string, value: number): void {
    const values = this.#curves.get(name);
    if (values) values.push(value);
    else this.#curves.set(name, [value]);
  }
}

/** Where a metric stands in its line; negative for one that is not shown. */
function placeOf(name: string): number {
  return SHOWN.indexOf(/^rewards\/.*\/mean$/.test(name) ? EACH_REWARD : name);
}

function brief(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
