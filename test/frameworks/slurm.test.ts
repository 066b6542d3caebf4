import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Problem } from '../../src/domain/problem';
import type { Runs } from '../../src/machine/runs/runs';
import { previewText } from '../../src/machine/runs/script';
import { startSshd } from '../machine/sshd';
import { makePlace, pause, until, wholeLog, wishOf, type Place } from '../machine/place';
import { startSlurm, type Slurm } from './slurm';

let slurm: Slurm;
let place: Place;
let runs: Runs;

beforeAll(async () => {
  slurm = await startSlurm();
  Object.assign(process.env, slurm.env);
  place = makePlace({ here: { scheduler: { name: 'slurm' }, resources: { gpus: '1', time: '10:00' } } });
  runs = place.runs();
});

afterAll(() => {
  runs.dispose();
  place.remove();
  delete process.env.SLURM_CONF;
  slurm.stop();
});

const jobOf = (folder: string, attempt = 1): string =>
  (JSON.parse(readFileSync(join(folder, `attempts/${attempt}/job`), 'utf8')) as { job: string }).job;

it('shows the header, hands the job in, follows it to its end', async () => {
  const wish = wishOf('echo in job $SLURM_JOB_ID on $SLURM_GPUS_ON_NODE; exit 3', { resources: { cpus: 2 } });
  expect(
    previewText(await runs.preview(wish))
      .split('\n')
      .slice(0, 3),
  ).toEqual(['#SBATCH --gres=gpu:1', '#SBATCH --cpus-per-task=2', '#SBATCH --time=10:00']);
  const { run, how, detached } = await runs.launch(wish);
  expect([how, detached]).toEqual(['slurm', true]);
  const ended = await until(runs, run.id, 'failed', 'succeeded', 'unknown');
  expect([ended.state, ended.facts.exit]).toEqual(['failed', 3]);
  expect(await wholeLog(runs, ended)).toBe(`in job ${jobOf(run.folder)} on 1\n`);
  expect(ended.launch?.resources).toEqual({ cpus: 2 });
});

it('waits in the queue, says why, and is cancelled there; its secret is gone', async () => {
  const first = await runs.launch(wishOf('sleep 60', { resources: { gpus: '2' } }));
  const second = await runs.launch(wishOf('echo $WANDB_API_KEY', { env: { WANDB_API_KEY: 'of-a-test-only' } }));
  await until(runs, first.run.id, 'running');
  const waiting = await until(runs, second.run.id, 'queued');
  while (!(await runs.find(waiting.id)).facts.scheduler?.says?.includes('for free resources')) await pause(200);
  expect(statSync(join(waiting.folder, 'attempts/1/secrets')).mode & 0o077).toBe(0);
  expect((await runs.stop(waiting, 1)).run.state).toBe('stopped');
  expect(readdirSync(join(waiting.folder, 'attempts/1'))).not.toContain('secrets');
  const { run: stopped, ended } = await runs.stop(first.run, 2);
  expect([stopped.state, ended.map(({ name }) => name)]).toEqual(['stopped', expect.arrayContaining(['sleep'])]);
});

it('is resumed as one more job of the same run, not while it goes', async () => {
  const { run } = await runs.launch(wishOf('echo first; sleep 60'));
  await until(runs, run.id, 'running');
  const problem = await runs.resume(run, wishOf('echo second')).catch((error: Problem) => error);
  expect(problem).toMatchObject({ message: expect.stringMatching(/still going/) });
  slurm.ask('scancel', jobOf(run.folder));
  const stopped = await until(runs, run.id, 'stopped', 'failed');
  expect(stopped.state).toBe('stopped');
  await runs.resume(stopped, wishOf('echo second $S', { env: { S: 'x', MY_TOKEN: 'hidden-of-a-test' } }));
  const ended = await until(runs, run.id, 'succeeded');
  expect([ended.attempts, await wholeLog(runs, ended)]).toEqual([2, 'second x\n']);
  expect(existsSync(join(run.folder, 'attempts/2/secrets'))).toBe(false);
});

it('a job that another one pushes away failed, and says so', async () => {
  const { run } = await runs.launch(wishOf('sleep 60', { resources: { gpus: '2' } }));
  await until(runs, run.id, 'running');
  const urgent = await runs.launch(wishOf('true', { resources: { gpus: '2', partition: 'urgent' } }));
  await until(runs, urgent.run.id, 'succeeded');
  const pushed = await until(runs, run.id, 'failed', 'stopped');
  while ((await runs.find(run.id)).facts.scheduler?.says === undefined) await pause(200);
  const seen = await runs.find(run.id);
  expect([pushed.state, seen.state, seen.facts.scheduler?.says]).toEqual([
    expect.stringMatching(/failed|stopped/),
    'failed',
    'Slurm ended it: a job of higher priority took its place',
  ]);
});

it('refused, it leaves nothing and says what Slurm said', async () => {
  const before = readdirSync(join(place.home, 'runs')).length;
  const problem = await runs
    .launch(wishOf('true', { resources: { partition: 'nowhere' } }))
    .catch((error: Problem) => error);
  expect(problem).toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/^Slurm refused the job: .*invalid partition/),
  });
  expect(readdirSync(join(place.home, 'runs'))).toHaveLength(before);
});

it('asked for twice at once it is one job', async () => {
  const other = place.runs();
  const wish = wishOf('echo once; sleep 0.3');
  const both = await Promise.all([runs.launch(wish, 'same'), other.launch(wish, 'same')]);
  expect(both.map(({ run }) => run.id)).toEqual(['same', 'same']);
  const ended = await until(runs, 'same', 'succeeded');
  expect(await wholeLog(runs, ended)).toBe('once\n');
  expect(slurm.ask('squeue', '--states=all', '-h', '--name=grpo-same-1', '-o', '%i').trim().split('\n')).toHaveLength(
    1,
  );
  other.dispose();
});

it('on a login node over ssh: handed in, followed line by line, and told by the node it ran on', async () => {
  const sshd = await startSshd({ GRPO_LENS_HOME: join(place.home, 'far'), ...slurm.env });
  const login = makePlace({ cluster: { ssh: 'lens', scheduler: { name: 'slurm' } } });
  const its = login.runs({ sshConfig: sshd.config });
  const { run } = await its.launch(
    wishOf('for i in 1 2 3; do echo line $i; sleep 0.2; done', { target: 'cluster', resources: { gpus: '1' } }),
  );
  const lines: string[] = [];
  const tail = await its.follow(run, { lines: (more) => void lines.push(...more) });
  expect((await until(its, run.id, 'succeeded', 'failed')).state).toBe('succeeded');
  while (lines.length < 3) await pause(50);
  expect(lines).toEqual(['line 1', 'line 2', 'line 3']);
  tail.dispose();
  its.dispose();
  login.remove();
  sshd.stop();
});
