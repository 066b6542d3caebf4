import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ADAPTER, hasDebugpy } from '../../src/machine/rewards/debugAdapter';

const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
const home = mkdtempSync(join(tmpdir(), 'grpo-lens-debugpy-'));
let child: ChildProcess | undefined;
beforeAll(async () => {
  const wanted = ['--quiet', '--disable-pip-version-check', '--no-cache-dir', '--target', home, 'debugpy==1.8.22'];
  await execa(python, ['-m', 'pip', 'install', ...wanted]);
  process.env['PYTHONPATH'] = home;
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => child?.kill());

interface Message {
  readonly seq: number;
  readonly type: 'response' | 'event' | 'request';
  readonly command?: string;
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly body?: unknown;
}

/** The Debug Adapter Protocol, as far as one stop needs it. */
class Client {
  readonly #seen: Message[] = [];
  readonly #waiting = new Set<() => void>();
  #seq = 0;
  #rest = Buffer.alloc(0);

  constructor(private readonly adapter: ChildProcess) {
    adapter.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  send(command: string, args: object = {}): number {
    const seq = ++this.#seq;
    const body = JSON.stringify({ seq, type: 'request', command, arguments: args });
    this.adapter.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return seq;
  }

  async ask<T>(command: string, args: object = {}): Promise<T> {
    const seq = this.send(command, args);
    const answer = await this.when((message) => message.type === 'response' && message.request_seq === seq);
    expect(answer.success, `${command}: ${JSON.stringify(answer)}`).toBe(true);
    return answer.body as T;
  }

  async when(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.#seen.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(this.#rest.subarray(0, Math.max(0, head)).toString())?.[1]);
      if (head < 0 || this.#rest.length < head + 4 + length) return;
      this.#seen.push(JSON.parse(this.#rest.subarray(head + 4, head + 4 + length).toString()) as Message);
      this.#rest = this.#rest.subarray(head + 4 + length);
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }
}

const REWARD = `def reward(completions, solution, **kwargs):
    scores = []
    for completion, truth in zip(completions, solution):
        scores.append(1.0 if truth in completion else 0.0)
    return scores
`;

test('a real debugpy stops in the reward, with the arguments of the one sample', async () => {
  expect(await hasDebugpy(python)).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), 'grpo-lens-test-'));
  const [path, sample] = [join(folder, 'rewards.py'), join(folder, 'sample.json')];
  writeFileSync(path, REWARD);
  const columns = { prompt: ['p'], completion: ['It is 17.'], solution: ['17'] };
  writeFileSync(sample, JSON.stringify({ path, reward: 'reward', columns, conversational: false }));
  child = spawn(python, [...ADAPTER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const client = new Client(child);
  await client.ask('initialize', { adapterID: 'grpoLens.debugpy', pathFormat: 'path', linesStartAt1: true });
  const env = { PYTHONPATH: [resolve('python'), home].join(delimiter) };
  const program = { module: 'grpo_lens.debug', args: [sample], cwd: folder, env, python: [python] };
  const launched = client.ask('launch', {
    ...program,
    request: 'launch',
    console: 'internalConsole',
    justMyCode: true,
  });
  await client.when(({ event }) => event === 'initialized');
  await client.ask('setBreakpoints', { source: { path }, breakpoints: [{ line: 4 }] });
  await client.ask('configurationDone');
  await launched;
  const stopped = await client.when(({ event }) => event === 'stopped');
  const { threadId } = stopped.body as { threadId: number };
  const { stackFrames } = await client.ask<{ stackFrames: { id: number; line: number }[] }>('stackTrace', { threadId });
  expect(stackFrames[0]?.line).toBe(4);
  const asked = { expression: 'completion + truth', frameId: stackFrames[0]?.id, context: 'watch' };
  expect((await client.ask<{ result: string }>('evaluate', asked)).result).toBe("'It is 17.17'");
  await client.ask('continue', { threadId });
  const said = await client.when(
    ({ event, body }) => event === 'output' && (body as { output: string }).output.includes('reward gave 1.0'),
  );
  expect(said.event).toBe('output');
  await client.when(({ event }) => event === 'terminated');
});
