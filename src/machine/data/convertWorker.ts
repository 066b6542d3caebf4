import { parentPort } from 'node:worker_threads';
import { Problem, type ProblemRecord } from '../../domain/problem';
import { carryOut, type Done, type Job } from './convertJob';

/** One job's answer: what came of it, or what the world said. */
export type Answer = { readonly done: Done } | { readonly problem: ProblemRecord } | { readonly bug: string };

async function answer(job: Job): Promise<Answer> {
  try {
    return { done: await carryOut(job) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.record };
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (job: Job) => {
  void answer(job).then((told) => {
    const bytes = 'done' in told ? told.done.encoded?.bytes : undefined;
    parentPort?.postMessage(told, bytes ? [bytes.buffer as ArrayBuffer] : []);
  });
});
