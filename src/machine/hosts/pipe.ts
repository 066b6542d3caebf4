import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { Emitter } from '../../base/event';
import type { Problem } from '../../domain/problem';
import type { Pipe } from '../shell';

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The most of standard error that is kept for a message. */
const STDERR = 4096;

/** What a child process wrote to standard error so far, its end only. */
export function keepErrors(child: Child): () => string {
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-STDERR);
  });
  return () => text.trim();
}

/** Lines of JSON over a child's standard streams. `why` makes the reason when it ends. */
export function pipeOver(child: Child, why: () => Problem): Pipe {
  const messages = new Emitter<unknown>();
  const closed = new Emitter<Problem>();
  let parts: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      from = end + 1;
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      deliver(line, messages);
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  });
  child.stdin.on('error', () => child.kill());
  child.on('close', () => closed.fire(why()));
  return {
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    onMessage: messages.event,
    onClose: closed.event,
    dispose: () => {
      child.stdin.end();
      child.kill();
    },
  };
}

/** What is no JSON is noise of the host's and is left out. */
function deliver(line: string, messages: Emitter<unknown>): void {
  if (!line.startsWith('{')) return;
  try {
    messages.fire(JSON.parse(line));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}
