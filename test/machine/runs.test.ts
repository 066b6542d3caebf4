import { startedWords } from '../../src/machine/commands/words';
import { hostname } from 'node:os';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem';
import type { Runs } from '../../src/machine/runs/runs';
import { HOSTILE } from '../hostile';
import { eachPlace } from './eachPlace';
import { makePlace, pause, until, wholeLog, wishOf, type Place } from './place';

let place: Place;
let runs: Runs;

eachPlace((fresh) => ({ place, runs } = fresh));

const problemOf = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    () => Promise.reject(new Error('no problem')),
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  );

describe('states', () => {
  it.each([
    ['exit 0', 'succeeded', 0],
    ['exit 3', 'failed', 3],
    ['kill -TERM $$', 'stopped', 143],
    ['kill -KILL $$', 'failed', 137],
  ])('%s is %s', async (script, state, exit) => {
    const { run } = await runs.launch(wishOf(script));
    const ended = await until(runs, run.id, 'succeeded', 'failed', 'stopped', 'unknown');
    expect([ended.state, ended.facts.exit]).toEqual([state, exit]);
    expect(ended.endedAt).toBeGreaterThanOrEqual(ended.startedAt ?? Infinity);
  });

  it('a folder that is not there ends the run with a plain line in its log', async () => {
    const { run } = await runs.launch(wishOf('true', { cwd: '/no/such/folder' }));
    const ended = await until(runs, run.id, 'failed');
    expect(await wholeLog(runs, ended)).toMatch(/no\/such\/folder/);
  });

  it('keeps everything of ours to its owner', async () => {
    const { run } = await runs.launch(wishOf('true', { inputs: [{ path: '/x/a.yaml', text: 'a: 1\n' }] }));
    await until(runs, run.id, 'succeeded');
    const open = walk(run.folder).filter((path) => (statSync(path).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(readFileSync(join(run.folder, 'inputs/a.yaml'), 'utf8')).toBe('a: 1\n');
  });
});

describe('starting', () => {
  it('twice with one id is one run', async () => {
    const other = place.runs();
    const wish = wishOf('echo once; sleep 0.3');
    const both = await Promise.all([runs.launch(wish, 'same'), other.launch(wish, 'same')]);
    const third = await runs.launch(wish, 'same');
    expect([...both, third].map(({ run }) => run.id)).toEqual(['same', 'same', 'same']);
    expect(third.already).toBe(true);
    expect(startedWords(third)).toMatch(/^same: (running|succeeded), there already, so nothing was started\n/);
    const ended = await until(runs, 'same', 'succeeded');
    expect(await wholeLog(runs, ended)).toBe('once\n');
    expect((await runs.list()).runs).toHaveLength(1);
    // Whoever came second removes what it wrote aside on its own time.
    await expect.poll(() => readdirSync(join(place.home, 'runs'))).toEqual(['same']);
    other.dispose();
  });

  it('hands every hostile value on as it is: as argument, variable, folder and name; nothing executes', async () => {
    const values = HOSTILE.map((value) => value.replaceAll('\0', ''));
    const cwd = join(place.home, `a '$(touch PWNED)" b`);
    mkdirSync(cwd);
    const env = Object.fromEntries(values.map((value, at) => [`V${at}`, value]));
    const print = `import os,sys,json;print(json.dumps([sys.argv[1:],[os.environ["V%d"%i] for i in range(${values.length})],os.getcwd()]))`;
    const command = ['python3', '-c', print, ...values];
    const { run } = await runs.launch({ name: '$(touch PWNED)', framework: 'own', command, env, cwd, target: 'here' });
    const ended = await until(runs, run.id, 'succeeded', 'failed');
    expect(JSON.parse(await wholeLog(runs, ended))).toEqual([values, values, cwd]);
    expect(walk(place.home).filter((path) => path.endsWith('PWNED'))).toEqual([]);
    expect(existsSync('/tmp/PWNED')).toBe(false);
  });

  it.each([
    [wishOf('true', { command: [] }), /no command/],
    [wishOf('true', { env: { 'A B': 'x' } }), /no name of an environment variable/],
    [wishOf('true', { target: 'nowhere' }), /no target "nowhere" \(there are: here\)/],
  ])('refuses what cannot be started (%#)', async (wish, message) => {
    expect((await problemOf(runs.launch(wish))).message).toMatch(message);
  });

  it.each(['../evil', '.hidden', 'a/b', ''])('refuses the id %j', async (id) => {
    expect((await problemOf(runs.launch(wishOf('true'), id))).code).toBe('bad-input');
  });
});

describe('secrets', () => {
  const HEX = '0123456789abcdef0123456789abcdef01234567';
  const HF = 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123';
  /** By name: variables, two of them in front of the command. */
  const named = {
    MY_PASSWORD: 'plain-but-secret',
    DB_SECRET: 'döner macht schöner',
    AWS_SECRET_ACCESS_KEY: 'ab/cd+ef12',
  };
  /** By shape, whatever they are called. */
  const shaped = { OPENAI: 'sk-abcdefghij0123456789xyz', GIT: `ghp_${'a1'.repeat(18)}`, AWS: 'AKIAABCDEFGHIJKLMNOP' };
  const argument = 'glpat-abcdefghij0123456789';
  const inline = [`WANDB_API_KEY=${HEX}`, 'SWANLAB_API_KEY=swan"$(id)'];
  const planted = [HEX, HF, argument, 'swan"$(id)', ...Object.values(named), ...Object.values(shaped)];
  const found = (text: string): string[] => planted.filter((secret) => text.includes(secret));

  it('ten of them reach the process and stand nowhere else', async () => {
    expect(planted).toHaveLength(10);
    const names = ['WANDB_API_KEY', 'SWANLAB_API_KEY', ...Object.keys(named), ...Object.keys(shaped)];
    const look = `import os,sys,time,hashlib as h
print(h.sha256("|".join([os.environ[n] for n in "${names.join(' ')}".split()]+sys.argv[2::2]).encode()).hexdigest())
time.sleep(2)`;
    const { run } = await runs.launch({
      name: `with ${HF}`,
      framework: 'own',
      command: [...inline, 'python3', '-c', look, '--hub_token', HF, '--x', argument],
      env: { ...named, ...shaped },
      cwd: '/tmp',
      target: 'here',
      inputs: [{ path: 'run.sh', text: `${inline.join(' ')} swift rlhf --hub_token ${HF} # ${planted.join(' ')}\n` }],
    });
    expect(run.launch?.secrets).toHaveLength(10);
    const ours = [run.facts.marks?.[0]?.pid ?? 0, process.pid].map((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    );
    expect(ours.flatMap(found)).toEqual([]);
    const everyone = execFileSync('ps', ['-ww', '-eo', 'args='], { encoding: 'utf8' }).split('\n');
    const showing = everyone.filter((words) => found(words).length > 0);
    expect(showing.filter((words) => !words.includes('import os,sys,time,hashlib'))).toEqual([]);
    const ended = await until(runs, run.id, 'succeeded', 'failed');
    const values = [
      '0123456789abcdef0123456789abcdef01234567',
      'swan"$(id)',
      ...Object.values(named),
      ...Object.values(shaped),
    ];
    const whole = createHash('sha256')
      .update([...values, HF, argument].join('|'))
      .digest('hex');
    expect(await wholeLog(runs, ended)).toBe(`${whole}\n`);
    const texts = walk(place.home).filter((path) => statSync(path).isFile());
    expect(texts.length).toBeGreaterThan(6);
    expect(texts.filter((path) => found(readFileSync(path, 'utf8')).length > 0)).toEqual([]);
    expect(found(JSON.stringify(await runs.list()))).toEqual([]);
  });
});

describe('stopping', () => {
  it('ends the whole tree, what does not want to by force, and says so', async () => {
    const stubborn = `python3 -c 'import signal,time,os
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.setsid()
print("up", flush=True)
time.sleep(600)' & sleep 600 & wait`;
    const { run } = await runs.launch(wishOf(stubborn));
    while (!(await wholeLog(runs, run)).includes('up')) await pause(50);
    const { run: stopped, ended } = await runs.stop(run, 1);
    expect(stopped.state).toBe('stopped');
    const byName = ended.map(({ name, signal }) => `${name} ${signal}`).sort();
    expect(byName).toEqual(['python3 SIGKILL', 'sh SIGTERM', 'sleep SIGTERM']);
    expect(ended.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  it('has nothing to do where the run has ended', async () => {
    const { run } = await runs.launch(wishOf('true'));
    const done = await until(runs, run.id, 'succeeded');
    expect(await runs.stop(done)).toMatchObject({ ended: [], run: { state: 'succeeded' } });
  });
});

describe('resuming', () => {
  it('makes one more attempt of the same run, not while it runs', async () => {
    const { run } = await runs.launch(wishOf('echo first; sleep 30'));
    expect((await problemOf(runs.resume(run, wishOf('echo second')))).message).toMatch(/still going/);
    const { run: stopped } = await runs.stop(run, 2);
    await runs.resume(stopped, wishOf('echo second'));
    const ended = await until(runs, run.id, 'succeeded');
    expect([ended.attempts, await wholeLog(runs, ended)]).toEqual([2, 'second\n']);
    // The shell may live just long enough to say that its `sleep` was ended.
    expect(readFileSync(join(run.folder, 'attempts/1/log.txt'), 'utf8')).toMatch(/^first\n(Terminated\n)?$/);
  });

  it('leaves a run of a newer form alone', async () => {
    const { run } = await runs.launch(wishOf('true'));
    await until(runs, run.id, 'succeeded');
    const file = join(run.folder, 'launch.json');
    const newer = JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), form: 2 });
    writeFileSync(file, newer);
    const seen = await runs.find(run.id);
    expect([seen.state, seen.launch, seen.locked]).toEqual(['succeeded', undefined, expect.stringMatching(/newer/)]);
    expect((await problemOf(runs.resume(seen, wishOf('true')))).message).toMatch(/newer/);
    expect((await problemOf(runs.resume({ ...seen, locked: undefined }, wishOf('true')))).message).toMatch(/newer/);
    expect(readFileSync(file, 'utf8')).toBe(newer);
  });
});

describe('adopting', () => {
  const output = join(import.meta.dirname, '../../examples/trl-count/output');

  it('takes a folder, or its parent, once', async () => {
    const run = await runs.adopt(output);
    const again = await runs.adopt(join(output, '..'));
    expect(again.id).toBe(run.id);
    expect([run.name, run.state, run.folder, run.attempts]).toEqual(['trl-count/output', 'succeeded', output, 0]);
    expect(run.log).toBe(join(output, 'stdout.log'));
    const { runs: listed } = await runs.list();
    expect(listed.map(({ id, facts }) => [id, facts.adopted])).toEqual([[run.id, true]]);
    expect((await problemOf(runs.stop(run))).message).toMatch(/not started by GRPO Lens/);
  });

  it('is running while files grow, and unknown when they have been quiet', async () => {
    const folder = join(place.home, 'out');
    mkdirSync(folder);
    writeFileSync(join(folder, 'train.log'), 'x\n');
    const run = await runs.adopt(folder);
    expect(run.state).toBe('running');
    const old = Date.now() / 1000 - 3600;
    utimesSync(join(folder, 'train.log'), old, old);
    expect((await runs.find(run.id)).state).toBe('unknown');
  });

  it.each([
    ['/no/such/folder', /There is no folder/],
    ['empty', /nothing that a training writes/],
    ['two', /several output folders \(a, b\): choose/],
  ])('says plainly what is wrong with %s', async (name, message) => {
    for (const folder of ['empty', 'two/a', 'two/b']) mkdirSync(join(place.home, folder), { recursive: true });
    for (const folder of ['a', 'b']) cpSync(join(output, 'args.json'), join(place.home, 'two', folder, 'args.json'));
    const path = name.startsWith('/') ? name : join(place.home, name);
    expect((await problemOf(runs.adopt(path))).message).toMatch(message);
  });
});

it('notes what an attempt met', async () => {
  const { run } = await runs.launch(wishOf('sleep 3', { cwd: join(import.meta.dirname, '../..') }));
  const file = join(run.folder, 'attempts/1/met.json');
  while (!existsSync(file)) await pause(50);
  const met = JSON.parse(readFileSync(file, 'utf8')) as { host: string };
  expect(met).toMatchObject({ host: hostname() });
  await runs.stop(run, 1);
});

it('tells what the host has', async () => {
  const info = await runs.host('here');
  expect(info.detach).toContain('setsid');
  expect(info.disk.free).toBeGreaterThan(0);
});

it('runs in tmux where that is wished, and the run hangs from nothing of ours', async () => {
  const other = makePlace({ here: { detach: 'tmux' } });
  const its = other.runs();
  const { run, how, detached } = await its.launch(wishOf('echo $HOME; sleep 0.2; exit 5'));
  expect([how, detached]).toEqual(['tmux', true]);
  expect((await until(its, run.id, 'failed')).facts.exit).toBe(5);
  its.dispose();
  other.remove();
});

/** A zombie that its new parent has not yet buried is dead. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

it('on Windows no run starts here, which is said there and nowhere else', async () => {
  const windows = place.runs({ platform: 'win32' });
  expect(await windows.list()).toEqual({ runs: [], problems: [] });
  expect((await problemOf(windows.launch(wishOf('true')))).message).toMatch(/choose an ssh target/);
  windows.dispose();
});

it('of many runs that a word may mean some are named, and all runs are meant by no word', async () => {
  for (const name of 'abcdefg') mkdirSync(join(place.home, name, 'checkpoint-1'), { recursive: true });
  for (const name of 'abcdefg') await runs.adopt(join(place.home, name));
  const year = String(new Date().getFullYear());
  expect((await problemOf(runs.find(year))).message).toMatch(
    /^"\d+" may be ([^,]+, ){4}[^,]+ and 2 more: say which\.$/,
  );
  expect((await problemOf(runs.find(''))).message).toBe('There is no run "": grpo runs lists them.');
});
