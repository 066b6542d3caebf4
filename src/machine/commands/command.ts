import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Problem } from '../../domain/problem';

/** Where a command of the terminal writes: results to `print`, remarks to `note` (standard error). */
export interface Output {
  print(text: string): void;
  note(text: string): void;
  /** Folder of the extension as it is installed: `python/` and `dist/` stand in it. */
  readonly root: string;
}

/** One verb of `grpo`. `run` gives the exit status; a `Problem` that it throws becomes one sentence and status 2. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  /** Where the verb has verbs of its own: how each is used. */
  readonly usages?: readonly string[];
  readonly summary: string;
  run(args: readonly string[], output: Output): Promise<number>;
}

type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Arguments by Node's own parser; what it refuses becomes a `Problem` that shows the usage. */
export function parse<const T extends Options>(usage: string, args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw misuse(usage, refusal(error instanceof Error ? error.message : String(error)));
  }
}

/** What Node's parser refused, in one sentence. */
function refusal(said: string): string {
  const option = /'(--?[^' ]+)/.exec(said)?.[1] ?? '';
  if (said.startsWith('Unknown option')) return `There is no option ${option}`;
  if (said.includes('does not take')) return `${option} takes no value`;
  if (/missing|ambiguous/.test(said))
    return `${option} needs a value; one that begins with a dash is written ${option}=…`;
  return said;
}

export function misuse(usage: string, why: string): Problem {
  return new Problem({ code: 'bad-input', message: `${why.replace(/\.?$/, '.')} Usage: grpo ${usage}` });
}
