import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Problem } from '../../src/domain/problem';
import type { Runs } from '../../src/machine/runs/runs';
import { previewText } from '../../src/machine/runs/script';
import { killTree } from '../machine/process';
import { freePort } from '../machine/sshd';
import { makePlace, until, wholeLog, wishOf, type Place } from '../machine/place';

let head: ChildProcess;
let place: Place;
let runs: Runs;
let address: string;
let files: string;
let ray: string;

/** A real Ray of our own with its job server: one machine, two GPUs that are none. */
beforeAll(async () => {
  ray = join(dirname(process.env.GRPO_LENS_TEST_PYTHON ?? ''), 'ray');
  if (!existsSync(ray)) throw new Error('Ray is not installed: run the tests by node .ci/test.mjs frameworks');
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  files = mkdtempSync(join(tmpdir(), 'lr'));
  const args = ['start', '--head', '--block', `--port=${await freePort()}`, `--dashboard-port=${port}`, '--num-cpus=2'];
  head = spawn(
    ray,
    [...args, '--num-gpus=2', `--temp-dir=${files}`, '--disable-usage-stats', '--include-dashboard=true'],
    {
      stdio: 'ignore',
      env: { ...process.env, RAY_DASHBOARD_AGENT_LISTEN_PORT: '0' },
    },
  );
  await answers();
  place = makePlace({ here: { scheduler: { name: 'ray', address }, resources: { gpus: '1' } } });
  runs = place.runs();
}, 120_000);

afterAll(() => {
  runs?.dispose();
  killTree(head.pid ?? 0);
  place?.remove();
  rmSync(files, { recursive: true, force: true });
});

async function answers(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await fetch(`${address}/api/jobs/`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the job server did not come up');
}

it('shows what is asked for, hands the job in, follows it to its end', async () => {
  const wish = wishOf('echo in ray $MY_TOKEN | wc -c; exit 3', { env: { MY_TOKEN: 'of-a-test-only' } });
  expect(previewText(await runs.preview(wish))).toMatch(/^# Ray's job server at http.*entrypoint_num_gpus=1/);
  const { run, how, detached } = await runs.launch(wish);
  expect([how, detached]).toEqual(['ray', true]);
  const ended = await until(runs, run.id, 'failed', 'succeeded', 'unknown');
  expect([ended.state, ended.facts.exit, await wholeLog(runs, ended)]).toEqual(['failed', 3, '22\n']);
  expect(readdirSync(join(run.folder, 'attempts/1'))).not.toContain('secrets');
  expect(await (await fetch(`${address}/api/jobs/`)).text()).not.toContain('of-a-test-only');
}, 120_000);

it('is stopped with its whole tree, and resumed as one more job', async () => {
  const { run } = await runs.launch(wishOf('echo first; sleep 600'));
  await until(runs, run.id, 'running');
  while (!(await wholeLog(runs, run)).includes('first')) await new Promise((resolve) => setTimeout(resolve, 100));
  const { run: stopped, ended } = await runs.stop(run, 2);
  expect([stopped.state, ended.map(({ name }) => name).sort()]).toEqual(['stopped', ['sh', 'sleep']]);
  await runs.resume(stopped, wishOf('echo second'));
  const again = await until(runs, run.id, 'succeeded', 'failed');
  expect([again.state, again.attempts, await wholeLog(runs, again)]).toEqual(['succeeded', 2, 'second\n']);
}, 120_000);

it('a job that was stopped in Ray is stopped; one that waits for GPUs is queued', async () => {
  const both = await runs.launch(wishOf('sleep 600', { resources: { gpus: '2' } }));
  await until(runs, both.run.id, 'running');
  const waiting = await runs.launch(wishOf('true', { resources: { gpus: '2' } }));
  expect((await runs.find(waiting.run.id)).state).toBe('queued');
  expect((await runs.stop(waiting.run, 1)).run.state).toBe('stopped');
  const job = JSON.parse(readFileSync(join(both.run.folder, 'attempts/1/job'), 'utf8')) as { job: string };
  execFileSync(ray, ['job', 'stop', '--no-wait', '--address', address, job.job], { stdio: 'ignore' });
  expect((await until(runs, both.run.id, 'stopped', 'failed')).state).toBe('stopped');
}, 120_000);

it('a job server that is not there refuses, and leaves nothing', async () => {
  const other = makePlace({ here: { scheduler: { name: 'ray', address: 'http://127.0.0.1:1' } } });
  const its = other.runs();
  const problem = await its.launch(wishOf('true')).catch((error: Problem) => error);
  expect(problem).toMatchObject({ code: 'refused', message: expect.stringMatching(/does not answer at http/) });
  expect(readdirSync(join(other.home, 'runs'))).toEqual([]);
  its.dispose();
  other.remove();
});
