import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/runs/run';
import { redact } from '../../src/domain/secret';
import { runCommand } from '../../src/machine/commands/all';
import { thisDisk } from '../../src/machine/disk';
import { metOf, type Met } from '../../src/machine/runs/met';
import type { Runs } from '../../src/machine/runs/runs';
import { makePlace, pause, PYTHON, until, wishOf, type Place } from './place';

const SECRET = 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123';
const REWARD = 'def accuracy_reward(completions, **kwargs):\n    return [1.0] * len(completions)\n';

let place: Place;
let runs: Runs;
let run: Run;
let met: Met;
let folder: string;

beforeAll(async () => {
  place = makePlace();
  runs = place.runs();
  folder = join(place.home, 'code');
  mkdirSync(folder);
  const files = {
    'train.py': `import time\nfrom rewards import accuracy_reward\nRATE = 1e-6\ndef never():\n    GRPOConfig(learning_rate=RATE, beta=0.04, hub_token="${SECRET}", output_dir=name(), **more)\ntime.sleep(600)\n`,
    'rewards.py': REWARD,
    'grpo.yaml': 'learning_rate: 1e-6\nnum_generations: 8\nhub_token: ' + SECRET + '\n',
    'run.sh': 'python train.py --config grpo.yaml\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const git = (...words: readonly string[]): void =>
    void execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      stdio: 'ignore',
    });
  git('init', '-b', 'trunk');
  git('add', '.');
  git('commit', '-m', 'first');
  writeFileSync(join(folder, 'rewards.py'), `${REWARD}# ${SECRET}\n`);
  const warm = await runs.launch(wishOf('true', { outputs: join(place.home, 'warm') }), 'warm-up');
  mkdirSync(join(place.home, 'warm/checkpoint-40'), { recursive: true });
  await until(runs, warm.run.id, 'succeeded');
  const command = ['python3', 'train.py', '--model', '../warm/checkpoint-40', '--config', 'grpo.yaml'];
  ({ run } = await runs.launch({ ...wishOf(''), command, cwd: folder, env: { A_TOKEN: 'planted-for-a-test' } }));
  met = await metOfWhole(run);
  await runs.stop(run, 1);
}, 60_000);

afterAll(() => {
  runs.dispose();
  place.remove();
});

/** What is known once the program's own Python was asked. */
async function metOfWhole({ folder: at }: Run): Promise<Met> {
  for (let tries = 0; tries < 400; tries++) {
    const seen = await metOf(thisDisk, join(at, 'attempts/1'));
    if (seen?.interpreter !== undefined) return seen;
    await pause(50);
  }
  throw new Error('the record was not written');
}

const inAttempt = (name: string): string => readFileSync(join(run.folder, 'attempts/1', name), 'utf8');

it('keeps the sources that the command reaches, by name or by import, with their hashes', () => {
  const named = met.sources.map(({ path, reward }) => [path.split('/').at(-1), reward]);
  expect(named.sort()).toEqual([
    ['grpo.yaml', false],
    ['rewards.py', true],
    ['train.py', false],
  ]);
  const reward = met.sources.find((source) => source.reward);
  const hash = createHash('sha256').update(`${REWARD}# ${SECRET}\n`).digest('hex');
  expect([reward?.sha256, inAttempt(reward?.copy ?? '')]).toEqual([hash, `${REWARD}# ***\n`]);
  const config = met.sources.find(({ path }) => path.endsWith('.yaml'));
  expect(inAttempt(config?.copy ?? '')).toContain('hub_token: ***');
});

it('notes the commit, and what differs from it, secrets taken out', () => {
  expect(met.git).toMatchObject({
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    branch: 'trunk',
    changed: [' M rewards.py'],
  });
  const diff = inAttempt('diff.patch');
  expect(diff).toContain('+# ***');
  expect(diff).not.toContain(SECRET);
});

it('notes the program’s own Python and its packages, and names of variables without values', () => {
  expect(met.interpreter).toMatch(/python3$/);
  const count = 'from importlib.metadata import distributions as d; print(len({x.metadata["Name"] for x in d()}))';
  const there = Number(execFileSync('python3', ['-c', count], { cwd: folder, encoding: 'utf8' }));
  expect(Object.keys(met.installed)).toHaveLength(there);
  expect(met.environment).toContain('A_TOKEN');
  expect(inAttempt('met.json')).not.toContain('planted-for-a-test');
});

it('notes what its Python gives to the trainer, secrets taken out, and what only running would tell', () => {
  const settings = { learning_rate: 1e-6, beta: 0.04, hub_token: '***', output_dir: null, '**': null };
  expect(met.calls).toEqual([{ path: join(folder, 'train.py'), call: 'GRPOConfig', line: 5, settings }]);
});

it('links to the run that a model comes from', () => {
  expect(met.from).toEqual([{ run: 'warm-up', path: join(place.home, 'warm/checkpoint-40') }]);
});

it('says all that in grpo show, and as JSON', async () => {
  const told = { lines: [] as string[] };
  const output = { print: (text: string) => void told.lines.push(text), note: () => {}, root: join(PYTHON, '..') };
  const before = process.env.GRPO_LENS_HOME;
  process.env.GRPO_LENS_HOME = place.home;
  expect(await runCommand(['show', run.id], output)).toBe(0);
  expect(await runCommand(['show', run.id, '--json'], output)).toBe(0);
  if (before === undefined) delete process.env.GRPO_LENS_HOME;
  else process.env.GRPO_LENS_HOME = before;
  const [text = '', json = ''] = told.lines;
  for (const sign of [
    /^made from +warm-up: .*checkpoint-40$/m,
    /^reward +.*rewards\.py [0-9a-f]{12}$/m,
    /^commit +.*trunk, 1 file/m,
    /^GRPOConfig, as written in train.py:5:\nlearning_rate: 0.000001\n/m,
  ])
    expect(text).toMatch(sign);
  expect(JSON.parse(json)).toMatchObject({ met: { from: met.from, git: met.git } });
});

describe('the configuration as composed', () => {
  it.each([
    ['of the words', ['swift', 'rlhf', '--rlhf_type', 'grpo', '--num_generations', '8', '--hub_token', SECRET]],
    ['of a script that they name', ['bash', 'swift.sh']],
  ])('%s', async (_, command) => {
    writeFileSync(join(folder, 'swift.sh'), `swift rlhf --rlhf_type grpo --num_generations 8 --hub_token ${SECRET}\n`);
    const { launch } = await runs.preview({ ...wishOf(''), framework: 'swift', command, cwd: folder });
    expect(launch.settings).toMatchObject({ rlhf_type: 'grpo', num_generations: 8, hub_token: '***' });
  });

  it('is nothing where nothing is known', async () => {
    expect((await runs.preview(wishOf('true'))).launch).not.toHaveProperty('settings');
  });
});

it('the host takes secrets out of texts exactly as we do', () => {
  const shapes = [
    SECRET,
    'sk-abcdefghij0123456789xyz',
    `ghp_${'a1'.repeat(18)}`,
    'AKIAABCDEFGHIJKLMNOP',
    'glpat-abcdefghij0123456789',
    '0123456789abcdef0123456789abcdef01234567',
  ];
  const frames = [
    '%',
    'WANDB_API_KEY=%',
    'export SWANLAB_API_KEY="%"',
    "--hub_token '%' \\",
    'index %',
    'commit % x',
    '{"password": "%"}',
    'tokens: %',
    'eos_token=%',
    'api_key: "${KEY}"',
    'MY_SECRET=a b%',
    '+  token = "%"  # é',
    'num_api_key %',
    '--auth_key=% next',
  ];
  const texts = frames.flatMap((frame) =>
    [...shapes, 'plain', 'test', '', '$X'].map((value) => frame.replace('%', value)),
  );
  const program =
    'import sys,json; from onhost.redact import redact; json.dump([redact(t, ["plain"]) for t in json.load(sys.stdin)], sys.stdout)';
  const done = execFileSync('python3', ['-c', program], {
    cwd: join(PYTHON, 'grpo_lens'),
    input: JSON.stringify(texts),
  });
  expect(JSON.parse(done.toString())).toEqual(texts.map((text) => redact(text, ['plain'])));
});
