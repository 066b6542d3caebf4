import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { safeParse, type GenericSchema } from 'valibot';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { Problem } from '../domain/problem';
import {
  kernelAnswers,
  kernelTells,
  type KernelWire,
  type Outcome,
  type OwnSamples,
  type SamplesGiven,
} from '../wire/kernel';
import { call, type Called } from '../wire/wire';
import { LinePort } from './lines';

export interface KernelOptions {
  /** Path or name of the interpreter. */
  readonly python: string;
  /** Folder that holds `grpo_lens`. */
  readonly home: string;
  /** The notebook's folder. */
  readonly cwd: string;
}

const OLD = 97;

/** Our folder goes to the end of the path: cells can import `grpo_lens`, and it shadows nothing of the user's. */
const BOOT = `import sys
if sys.version_info < (3, 9): sys.stderr.write(sys.version.split()[0]); sys.exit(${OLD})
sys.path[0] = sys.argv[1]
from grpo_lens.kernel.__main__ import main
sys.path[0] = ''
sys.path.append(sys.argv[1])
del sys.argv[1:]
main()`;

const MOST_STDERR = 8_000;

/** One Python process that runs the cells of one notebook, in a process group of its own; a restart is a new one. */
export class Kernel implements Disposable {
  readonly #child: ChildProcess;
  readonly #called: Called<KernelWire>;
  readonly #stream = new Emitter<KernelWire['tells']['stream']>();
  readonly #display = new Emitter<KernelWire['tells']['display']>();
  readonly #ended: Promise<Problem>;
  readonly #ready: Promise<void>;
  #stderr = '';
  #alive = true;
  #disposed = false;

  readonly onStream = this.#stream.event;
  readonly onDisplay = this.#display.event;

  constructor(private readonly options: KernelOptions) {
    this.#child = spawn(options.python, ['-u', '-c', BOOT, options.home], {
      cwd: options.cwd,
      env: { ...process.env, MPLBACKEND: 'agg', PYTHONIOENCODING: 'utf-8' },
      detached: process.platform !== 'win32',
      stdio: 'pipe',
      windowsHide: true,
    });
    (this.#child.stderr as Readable).on('data', (text: Buffer) => {
      this.#stderr = (this.#stderr + text.toString()).slice(-MOST_STDERR);
    });
    this.#called = call(new LinePort(this.#child.stdout as Readable, this.#child.stdin as Writable, () => {}));
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(this.#end(unstartable(error, options.python))));
      // What it forked holds its streams: they would never close.
      this.#child.on('exit', () => this.#signal('SIGKILL'));
      this.#child.on('close', (code, signal) => resolve(this.#end(this.#death(code, signal))));
    });
    this.#ready = new Promise((resolve) => this.#called.on('ready', () => resolve()));
    this.#called.on('stream', (told) => tellIfFit(kernelTells.stream, told, this.#stream));
    this.#called.on('display', (told) => tellIfFit(kernelTells.display, told, this.#display));
  }

  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when Python answers. Errors: `no-python`; `closed` where it was ended meanwhile. */
  async ready(): Promise<void> {
    const problem = await Promise.race([this.#ready, this.#ended]);
    if (!problem) return;
    const said = this.#disposed || problem.code === 'no-python';
    throw said ? problem : notStarted(this.options.python, this.#stderr);
  }

  /** Runs a cell; what it shows is told meanwhile. Errors: `closed` if Python ended, in words for the user. */
  async execute(code: string, count: number): Promise<Outcome> {
    return this.#ask('execute', { code, count });
  }

  /** Sends samples for a `%%reward` cell that names them. */
  async samples(given: SamplesGiven): Promise<void> {
    await this.#ask('samples', given);
  }

  /** What a `%%reward` cell with these words takes from variables of its own, at most `most` rows. */
  async ownSamples(words: string, most: number): Promise<OwnSamples | null> {
    return this.#ask('ownSamples', { words, most });
  }

  /** Stops what runs, as Ctrl+C does, also in the processes that the cell started. */
  interrupt(): void {
    if (this.#alive) this.#signal('SIGINT');
  }

  /** Kills the process and everything that it started. */
  dispose(): void {
    this.#disposed = true;
    if (this.#alive) this.#signal('SIGKILL');
    this.#called.dispose();
  }

  async #ask<K extends keyof KernelWire['asks']>(
    name: K,
    args: KernelWire['asks'][K]['args'],
  ): Promise<KernelWire['asks'][K]['result']> {
    const asked = this.#called.ask(name, args as never) as Promise<unknown>;
    const answer = await asked.catch(async (error: unknown) => {
      throw error instanceof Problem && error.code === 'closed' ? await this.#ended : error;
    });
    const result = safeParse(kernelAnswers[name] as unknown as GenericSchema<unknown, never>, answer);
    if (result.success) return result.output;
    throw new Problem({ code: 'invalid-message', message: `Python's answer to "${name}" does not fit.` });
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch (error) {
      if (!['ESRCH', 'EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      this.#child.kill(signal);
    }
  }

  #end(problem: Problem): Problem {
    if (this.#alive && problem.code === 'closed') this.#signal('SIGKILL');
    this.#alive = false;
    return problem;
  }

  #death(code: number | null, signal: NodeJS.Signals | null): Problem {
    if (code === OLD) return tooOld(this.#stderr.trim());
    const how = this.#disposed
      ? 'was ended'
      : signal === null
        ? `ended with exit code ${code}`
        : `was ended by ${signal}`;
    return new Problem({
      code: 'closed',
      message: `Python ${how}${signal === 'SIGKILL' && !this.#disposed ? ' (out of memory, or killed by hand)' : ''}; its variables are gone. The next cell starts a new one.`,
    });
  }
}

function tellIfFit<T>(guard: GenericSchema<unknown, T>, told: unknown, emitter: Emitter<T>): void {
  const result = safeParse(guard, told);
  if (result.success) emitter.fire(result.output);
}

function unstartable(error: Error, python: string): Problem {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return noPython(missing ? `"${python}" is not found` : `"${python}" cannot be started (${error.message})`);
}

function tooOld(version: string): Problem {
  return noPython(`Python ${version} is older than 3.9`);
}

function notStarted(python: string, stderr: string): Problem {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return noPython(`"${python}" does not start${last === '' ? '' : ` (${last})`}`);
}

function noPython(why: string): Problem {
  return new Problem({
    code: 'no-python',
    message: `Cells need Python 3.9 or newer: ${why}. Choose another interpreter.`,
    remedy: 'choose-interpreter',
  });
}
