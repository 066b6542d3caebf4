import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Run } from '../../src/domain/runs/run';
import { eachPlace } from '../machine/eachPlace';
import { pause, until, wholeLog, wishOf, type Place } from '../machine/place';

let place: Place;

eachPlace((fresh) => ({ place } = fresh));
afterEach(() => void delete process.env.GRPO_LENS_BOOT);

/** A launch ends when the run is there; its watching process starts the program after that, and notes it. */
async function hasProgram({ folder }: Run): Promise<void> {
  const handle = join(folder, 'attempts/1/handle');
  await expect
    .poll(() => JSON.parse(readFileSync(handle, 'utf8')) as object)
    .toMatchObject({ program: { pid: expect.any(Number) as number } });
}

it('after a reboot the state is unknown, even where the pid is there again', async () => {
  const before = place.runs();
  const { run } = await before.launch(wishOf('sleep 30'));
  expect(run.state).toBe('running');
  process.env.GRPO_LENS_BOOT = 'another-boot';
  const after = place.runs();
  expect((await after.find(run.id)).state).toBe('unknown');
  await before.stop(run, 1);
  before.dispose();
  after.dispose();
});

it('a pid that was given to another process is not believed', async () => {
  const runs = place.runs();
  const { run } = await runs.launch(wishOf('sleep 30'));
  await hasProgram(run);
  const file = join(run.folder, 'attempts/1/handle');
  const whole = readFileSync(file, 'utf8');
  const handle = JSON.parse(whole) as { watcher: object; program: object };
  const other = { pid: process.pid, start: '1' };
  const changed = { ...handle, watcher: { ...handle.watcher, ...other }, program: { ...handle.program, ...other } };
  writeFileSync(file, JSON.stringify(changed));
  const seen = await runs.find(run.id);
  expect(seen.state).toBe('unknown');
  expect((await runs.stop(seen)).ended).toEqual([]);
  writeFileSync(file, whole);
  await runs.stop(run, 1);
  runs.dispose();
});

it('the watching process and the program killed from outside: unknown, not failed', async () => {
  const runs = place.runs();
  const { run } = await runs.launch(wishOf('sleep 30'));
  await hasProgram(run);
  for (const { pid } of (await runs.find(run.id)).facts.marks ?? []) process.kill(pid, 'SIGKILL');
  expect((await until(runs, run.id, 'unknown', 'failed')).state).toBe('unknown');
  runs.dispose();
});

it('the watching process killed: stop ends the program nevertheless, and says so', async () => {
  const runs = place.runs();
  const { run } = await runs.launch(wishOf('sleep 30'));
  await hasProgram(run);
  process.kill(run.facts.marks?.[0]?.pid ?? 0, 'SIGKILL');
  await pause(100);
  expect((await runs.find(run.id)).state).toBe('running');
  const { run: after, ended } = await runs.stop(run, 2);
  expect([after.state, new Set(ended.map(({ signal }) => signal))]).toEqual(['unknown', new Set(['SIGTERM'])]);
  runs.dispose();
});

it('files from the future (the clock was set back) do not make an adopted run look alive', async () => {
  const runs = place.runs();
  const folder = join(place.home, 'out');
  mkdirSync(folder);
  writeFileSync(join(folder, 'train.log'), 'x\n');
  const later = Date.now() / 1000 + 3600;
  utimesSync(join(folder, 'train.log'), later, later);
  expect((await runs.adopt(folder)).state).toBe('unknown');
  runs.dispose();
});

it('two editors on one run: both stop it, both resume it, and it is resumed once', async () => {
  const [one, other] = [place.runs(), place.runs()];
  const { run } = await one.launch(wishOf('sleep 30'));
  const stops = await Promise.all([one.stop(run, 2), other.stop(run, 2)]);
  expect(stops.map((stop) => stop.run.state)).toEqual(['stopped', 'stopped']);
  const stopped = await one.find(run.id);
  const wish = wishOf('echo again');
  const both = await Promise.all([one.resume(stopped, wish), other.resume(stopped, wish)]);
  expect(both.map((started) => started.run.attempts)).toEqual([2, 2]);
  const ended = await until(other, run.id, 'succeeded');
  expect([ended.attempts, await wholeLog(other, ended)]).toEqual([2, 'again\n']);
  one.dispose();
  other.dispose();
});
