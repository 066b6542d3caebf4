import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { safeParse, type GenericSchema } from 'valibot';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Problem } from '../../domain/problem';
import type { Runner } from '../../wire/runner';
import { runnerAnswers, runnerTells } from '../../wire/runner';
import { call, type Called } from '../../wire/wire';
import { LinePort } from '../lines';
import { temporaryFolder } from '../temporary';

export interface RunnerOptions {
  /** Path or name of the interpreter. */
  readonly python: string;
  /** Folder that holds `grpo_lens`. */
  readonly home: string;
  /** Working folder of the user's code. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

type Asks = Runner['asks'];
type Answer<K extends keyof Asks> = Asks[K]['result'];

/** Why the process ended while it was asked something. */
export interface Death {
  /** What happened, as the second half of a sentence: `the reward ended Python with exit code 3`. */
  readonly died: string;
  /** Line of the user's file where it was, as far as the interpreter could still say. */
  readonly line?: number;
  /** What it was run for. */
  readonly stage: Stage;
  /** Index of the batch, or number of the sample, that it was at. */
  readonly index: number;
}

/** As `limits.py` counts them. */
const STAGES = ['loading', 'batch', 'sample', 'checking'] as const;

export type Stage = (typeof STAGES)[number];

const OLD = 97;

/** The folder of our Python is on the path only while our own modules are imported: the user's code does not see it. */
const BOOT = `import sys
if sys.version_info < (3, 9): sys.stderr.write(sys.version.split()[0]); sys.exit(${OLD})
sys.path[0] = sys.argv[1]
from grpo_lens.__main__ import main
del sys.path[0]
main(sys.argv[2])`;

const MOST_STDERR = 64_000;

/**
 * One Python process of ours in the user's interpreter, in a process group of its own, which ends with it. It is
 * started by the constructor; when it is dead, a new one has to be made.
 */
export class RunnerProcess implements Disposable {
  readonly #child: ChildProcess;
  readonly #called: Called<Runner>;
  readonly #folder = temporaryFolder();
  readonly #printed = new Emitter<{ readonly text: string; readonly dropped: number }>();
  readonly #part = new Emitter<Runner['tells']['part']>();
  readonly #traced = new Emitter<Runner['tells']['traced']>();
  readonly #ended: Promise<Death>;
  readonly #ready: Promise<void>;
  #stderr = '';
  #alive = true;
  #disposed = false;

  readonly onPrinted = this.#printed.event;
  readonly onPart = this.#part.event;
  readonly onTraced = this.#traced.event;

  constructor(private readonly options: RunnerOptions) {
    this.#child = spawn(options.python, ['-u', '-c', BOOT, options.home, join(this.#folder, 'place')], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      detached: process.platform !== 'win32',
      stdio: 'pipe',
      windowsHide: true,
    });
    const stderr = this.#child.stderr as Readable;
    stderr.on('data', (text: Buffer) => (this.#stderr = (this.#stderr + text.toString()).slice(-MOST_STDERR)));
    const port = new LinePort(this.#child.stdout as Readable, this.#child.stdin as Writable, () => {});
    this.#called = call<Runner>(port);
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => this.#end(resolve, unstartable(error, options.python)));
      this.#child.on('exit', () => this.#killGroup());
      this.#child.on('close', (code, signal) => this.#end(resolve, this.#death(code, signal)));
    });
    this.#ready = new Promise((resolve) => this.#called.on('ready', () => resolve()));
    this.#listen();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when Python answers. Errors: `no-python`; `cancelled` where it was ended meanwhile. */
  async ready(): Promise<void> {
    const death = await Promise.race([this.#ready, this.#ended]);
    if (this.#disposed) throw new Problem({ code: 'cancelled', message: 'Python was ended before it had started.' });
    if (death !== undefined) throw notStarted(death, this.options.python);
  }

  /** The answer, or the process's death if that came instead. Errors: the `Problem` that Python answered. */
  async ask<K extends keyof Asks>(name: K, args: Asks[K]['args'], signal?: AbortSignal): Promise<Answer<K> | Death> {
    const asked = this.#called.ask(name, args as never, signal) as Promise<unknown>;
    const answer = await asked.catch(async (error: unknown) => {
      if (error instanceof Problem && error.code === 'closed') return this.#ended;
      throw error;
    });
    return isDeath(answer) ? answer : checked(name, answer);
  }

  /** Kills the process and everything that it started. */
  dispose(): void {
    this.#disposed = true;
    if (this.#alive) this.#killGroup();
    this.#called.dispose();
    // At once: the window may be gone before the process is. Windows keeps files that are in use.
    if (process.platform !== 'win32') rmSync(this.#folder, { recursive: true, force: true });
  }

  #killGroup(): void {
    if (this.#child.pid !== undefined) killGroup(this.#child.pid, this.#child);
  }

  #listen(): void {
    this.#called.on('printed', (told) => tellIfFit(runnerTells.printed, told, this.#printed));
    this.#called.on('part', (told) => tellIfFit(runnerTells.part, told, this.#part));
    this.#called.on('traced', (told) => tellIfFit(runnerTells.traced, told, this.#traced));
  }

  #end(resolve: (death: Death) => void, death: Death): void {
    if (!this.#alive) return;
    this.#alive = false;
    rmSync(this.#folder, { recursive: true, force: true });
    resolve(death);
  }

  #death(code: number | null, signal: NodeJS.Signals | null): Death {
    const place = this.#place();
    const line = lineOf(this.#stderr);
    const at = line === undefined ? '' : `, at line ${line}`;
    const base = { ...place, ...(line === undefined ? {} : { line }) };
    if (code === OLD) return { ...base, died: `Python ${this.#stderr.trim()} is older than 3.9` };
    if (this.#stderr.includes('Timeout (')) return { ...base, died: `the reward did not end in time${at}` };
    const how = signal === null ? `ended Python with exit code ${code}` : `ended Python with signal ${signal}`;
    return { ...base, died: `the reward ${how}${at}` };
  }

  #place(): Pick<Death, 'stage' | 'index'> {
    try {
      const bytes = readFileSync(join(this.#folder, 'place'));
      return { stage: STAGES[Number(bytes.readBigInt64LE(0))] ?? 'loading', index: Number(bytes.readBigInt64LE(8)) };
    } catch (error) {
      if (error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ENOENT') return NOWHERE;
      throw error;
    }
  }
}

const NOWHERE = { stage: 'loading', index: 0 } as const;

export function isDeath(answer: unknown): answer is Death {
  return typeof answer === 'object' && answer !== null && 'died' in answer;
}

function checked<K extends keyof Asks>(name: K, answer: unknown): Answer<K> {
  const result = safeParse(runnerAnswers[name] as unknown as GenericSchema<unknown, Answer<K>>, answer);
  if (result.success) return result.output;
  const why = result.issues.map((issue) => issue.message).join('; ');
  throw new Problem({ code: 'invalid-message', message: `Python's answer to "${name}" does not fit: ${why}.` });
}

function tellIfFit<T>(guard: GenericSchema<unknown, T>, told: unknown, emitter: Emitter<T>): void {
  const result = safeParse(guard, told);
  if (result.success) emitter.fire(result.output);
}

function killGroup(pid: number, child: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!['ESRCH', 'EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    child.kill('SIGKILL');
  }
}

/** The innermost frame of the user's own file in what faulthandler wrote: the first one that is not a library's. */
function lineOf(stderr: string): number | undefined {
  const frames = [...stderr.matchAll(/^ {2}File "(.+?)", line (\d+) in /gm)];
  const own = frames.find(([, file]) => file !== undefined && !/[\\/](lib|grpo_lens)[\\/]|^<frozen/.test(file));
  return own?.[2] === undefined ? undefined : Number(own[2]);
}

function unstartable(error: Error, python: string): Death {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return {
    ...NOWHERE,
    died: missing ? `"${python}" is not found` : `"${python}" cannot be started (${error.message})`,
  };
}

function notStarted(death: Death, python: string): Problem {
  const why = death.died.startsWith('the reward') ? `"${python}" does not run` : death.died;
  return new Problem({
    code: 'no-python',
    message: `Rewards need Python 3.9 or newer: ${why}. Choose another interpreter.`,
    remedy: 'choose-interpreter',
  });
}
