import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../../src/machine/commands/all';
import { pause, removeHome } from './place';

const ROOT = join(import.meta.dirname, '../..');
let home: string;
const before = process.env.GRPO_LENS_HOME;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lens-cli-'));
  process.env.GRPO_LENS_HOME = home;
});

afterEach(() => {
  if (before === undefined) delete process.env.GRPO_LENS_HOME;
  else process.env.GRPO_LENS_HOME = before;
  removeHome(home);
});

interface Said {
  readonly status: number;
  readonly out: string;
  readonly notes: string;
}

async function grpo(...args: string[]): Promise<Said> {
  const [out, notes]: [string[], string[]] = [[], []];
  const output = {
    print: (text: string) => void out.push(text),
    note: (text: string) => void notes.push(text),
    root: ROOT,
  };
  const status = await runCommand(args, output);
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}

it('is a program that starts by itself, so that what npm linked outlives each build', () => {
  const { status, stdout } = spawnSync(join(ROOT, 'dist/grpo.js'), ['help'], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringContaining('grpo score')]);
});

const TINY = join(ROOT, 'examples/tiny-count');

it('every verb speaks JSON too', async () => {
  const verbs = [...(await grpo('help')).out.matchAll(/^ {2}grpo (\w+)/gm)].map(([, verb]) => verb ?? '');
  expect(verbs).toContain('launch');
  for (const verb of verbs) {
    const subverb = verb === 'data' ? ['check'] : [];
    expect((await grpo(verb, ...subverb, '--no-such-option')).notes, verb).toContain('--json');
  }
});

it('launches the tiny trainer, follows it to its end, and shows it', async () => {
  const outputs = join(home, 'out');
  const words = ['./train.sh', '--max_steps', '25', '--seconds_per_step', '0.02', '--output_dir', outputs];
  const launched = await grpo(
    'launch',
    '--name',
    'tiny',
    '--cwd',
    TINY,
    '--outputs',
    outputs,
    '--json',
    '--',
    ...words,
  );
  expect(JSON.parse(launched.out)).toMatchObject({ detached: true, run: { name: 'tiny', state: 'running' } });

  const followed = await grpo('follow', 'tiny', '--json');
  const points = followed.out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(points.at(-1)).toEqual({ state: 'succeeded', exit: 0 });
  expect(points.slice(0, -1).map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));

  const shown = await grpo('follow', 'tiny');
  expect(shown).toMatchObject({ status: 0, notes: expect.stringMatching(/succeeded/) });
  expect(shown.out).toMatch(/^step 1\/25 {2}reward \S+ {2}rewards\/accuracy_reward\/mean 0\.\d+/m);
  expect(shown.out).toMatch(/^reward +[▁▂▃▄▅▆▇█]{25} {2}\S+ → \S+$/m);
  const told = (await grpo('show', 'tiny')).out;
  expect(told).toContain(`exec ./train.sh --max_steps 25`);
  expect(told).toMatch(/\n\n *\d+%\|[^\r]*\{'loss': [^\r]*\n100%\|█+\| 25\/25 [^\r\n]*$/);
  expect((await grpo('runs')).out).toMatch(/^RUN +NAME +TARGET +STATE +FOR\n\S+ +tiny +here +succeeded +\d+ s$/);
});

it('stops a run and resumes it from where it was: two attempts, one run', async () => {
  const outputs = join(home, 'out');
  const words = [
    './train.sh',
    '--max_steps',
    '16',
    '--save_steps',
    '5',
    '--seconds_per_step',
    '0.25',
    '--output_dir',
    outputs,
  ];
  await grpo('launch', '--name', 'tiny', '--cwd', TINY, '--outputs', outputs, '--', ...words);
  while (!existsSync(join(outputs, 'checkpoint-5'))) await pause(50);
  const stopped = await grpo('stop', 'tiny', '--json');
  expect(JSON.parse(stopped.out)).toMatchObject({
    run: { state: 'stopped' },
    ended: [{ name: 'python3', signal: 'SIGTERM' }],
  });
  const resumed = await grpo('resume', 'tiny', '--json', '--', '--resume', '--seconds_per_step', '0.05');
  expect(JSON.parse(resumed.out)).toMatchObject({ run: { name: 'tiny', attempts: 2, state: 'running' } });
  const followed = await grpo('follow', 'tiny', '--json');
  const steps = followed.out.split('\n').map((line) => (JSON.parse(line) as { step?: number }).step);
  expect(steps.slice(0, -1)).toEqual(Array.from({ length: 16 - (steps[0] ?? 0) + 1 }, (_, at) => (steps[0] ?? 0) + at));
  expect(steps[0]).toBeGreaterThan(5);
});

it('asks for a secret again where a run is resumed', async () => {
  await grpo('launch', '--name', 's', '--env', 'HF_TOKEN=hf_aBcDeFgHiJkLmNoPqRsT0123', '--', 'true');
  await grpo('follow', 's');
  const { status, notes } = await grpo('resume', 's');
  expect([status, notes]).toEqual([2, expect.stringMatching(/set HF_TOKEN in the environment/)]);
});

it.each([
  [['launch'], /A command is needed/],
  [['launch', '--framework', 'x', '--', 'true'], /"x" is none of/],
  [['stop'], /One run is needed/],
  [['stop', 'nothing'], /There is no run "nothing"/],
  [['follow', 'a', 'b'], /One run is needed/],
  [['target', 'far', '--ssh', 'x.invalid', '--nodes', 'many'], /nodes "many" is not a number of nodes\./],
  [['target', '', '--ssh', 'x.invalid'], /One target at a time, by its name/],
  [['target', 'nowhere'], /There is no target "nowhere"/],
  [['target', 'constructor'], /There is no target "constructor"/],
  [['adopt', '/no/such'], /There is no folder/],
  [['runs', 'all'], /It takes no words; grpo show RUN/],
  [['new', 'nothing', 'x'], /There is no recipe "nothing"; recipes are tiny-count/],
  [['show', '--jason'], /^grpo show: There is no option --jason\. Usage: /],
  [['show', '--json=x'], /^grpo show: --json takes no value\. Usage: /],
  [
    ['stop', 'x', '--grace', '-1'],
    /^grpo stop: --grace needs a value; one that begins with a dash is written --grace=…\. /,
  ],
  [['stop', 'x', '--grace'], /^grpo stop: --grace needs a value; /],
  [['lint', 'x.sh', '--framework-version', 'banana'], /banana is no version/],
  [
    ['lint', 'x.sh', '--python', 'no-such-python'],
    /choose an interpreter \(3\.9 or newer\)\.\n\S* ?no-such-python ENOENT$/,
  ],
  [['data', 'check', 'x.jsonl', '--limit', '5'], /--model or --config is needed, too/],
  [
    ['score', 'examples/trl-count', '--samples', 'examples/trl-count/output'],
    /trl-count cannot be read: it is a folder/,
  ],
])('says plainly what is wrong with %j', async (args, message) => {
  const { status, notes } = await grpo(...args);
  expect([status, notes]).toEqual([2, expect.stringMatching(message)]);
});

it('an error of ours is one sentence, and what is needed to mend it', async () => {
  const notes: string[] = [];
  const print = (): void => {
    throw new Error('no paper');
  };
  const note = (text: string): void => void notes.push(text);
  expect(await runCommand(['target'], { print, note, root: ROOT })).toBe(2);
  expect(notes.join('\n')).toMatch(/^grpo target: Something went wrong inside GRPO Lens: .*\nError: no paper\n +at /);
});

it('tells its version, and in the help of resume that more words may follow', async () => {
  expect((await grpo('--version')).out).toMatch(/^\d+\.\d+\.\d+/);
  expect((await grpo('resume', '--help')).out).toContain('grpo resume RUN [-- MORE…]');
});

it('a problem is said in JSON too, where that is asked for', async () => {
  const { status, out, notes } = await grpo('stop', 'nothing', '--json');
  const message = 'There is no run "nothing": grpo runs lists them.';
  expect([status, JSON.parse(out), notes]).toEqual([
    2,
    { problem: { code: 'missing', message } },
    `grpo stop: ${message}`,
  ]);
  expect((await grpo('launch', '--cwd', '/', '--framework', 'x', '--', 'a', '--json')).out).toBe('');
});

it('why a run failed is said by follow and by show', async () => {
  const code =
    'import json\nfor _ in range(1):\n    raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")\n';
  writeFileSync(join(home, 'train.py'), code);
  await grpo('launch', '--name', 'big', '--cwd', home, '--', 'python3', 'train.py');
  const { status, notes } = await grpo('follow', 'big', '--log');
  expect([status, notes]).toEqual([1, expect.stringMatching(/failed \(1\)\n {2}.*memory.*\n.*\n.*train\.py:3$/)]);
  expect((await grpo('show', 'big')).out).toMatch(/^why +.*memory/m);
});

it('a run whose folder was removed is followed no further', async () => {
  await grpo('launch', '--name', 'gone', '--', 'sh', '-c', 'echo begun; sleep 3');
  const notes: string[] = [];
  const print = (line: string): void => {
    if (line === 'begun') removeHome(home);
  };
  const note = (text: string): void => void notes.push(text);
  expect(await runCommand(['follow', 'gone', '--log'], { print, note, root: ROOT })).toBe(2);
  expect(notes.at(-1)).toMatch(/its folder was removed/);
});

it('keeps targets in one file that the editor reads too', async () => {
  await grpo('target', 'far', '--ssh', 'no-such-host.invalid', '--setup', '. ~/venv/bin/activate');
  expect(JSON.parse((await grpo('target', '--json')).out)).toEqual({
    here: {},
    far: { ssh: 'no-such-host.invalid', setup: '. ~/venv/bin/activate' },
  });
  const { status, out, notes } = await grpo('runs');
  expect([status, out, notes]).toEqual([
    1,
    '',
    expect.stringMatching(/^far: The name no-such-host.invalid was not found/),
  ]);
});

it('a target keeps what is not said again', async () => {
  await grpo('target', 'here', '--setup', '. ~/venv/bin/activate');
  await grpo('target', 'far', '--ssh', 'no-such-host.invalid', '--scheduler', 'slurm', '--gpus', '8', '--time', '1:00');
  await grpo('target', 'far', '--gpus', '4');
  expect(JSON.parse((await grpo('target', '--json')).out)).toEqual({
    here: { setup: '. ~/venv/bin/activate' },
    far: { ssh: 'no-such-host.invalid', scheduler: { name: 'slurm' }, resources: { gpus: '4', time: '1:00' } },
  });
});

it('every verb says how it is used, and what each of its options is for', async () => {
  const verbs = [...(await grpo('help')).out.matchAll(/^ {2}grpo (\w+)/gm)].map(([, verb]) => verb ?? '');
  for (const verb of verbs) {
    const { status, out, notes } = await grpo(verb, '--help');
    expect({ status, notes }).toEqual({ status: 0, notes: '' });
    expect(out).toContain(`  grpo ${verb}`);
    const options = [...out.matchAll(/^ {2}(--\S+)(.*)$/gm)];
    expect(options.map(([, option]) => option)).toContain('--json');
    for (const [line, option, words] of options) expect(words, `${verb} ${option}: ${line}`).toMatch(/\w{2} /);
    expect((await grpo('help', verb)).out).toBe(out);
  }
});

it('help is about our words, not about those of the command behind --', async () => {
  const { status, out } = await grpo('launch', '--preview', '--', 'python3', 'train.py', '--help');
  expect(status).toBe(0);
  expect(out).toContain('train.py --help');
});

it('help of a chore names what it asks for', async () => {
  const { out } = await grpo('chore', 'merge-lora', '--help');
  expect(out).toMatch(/--lora_model +folder of the adapter/);
});
