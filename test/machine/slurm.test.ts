import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/domain/problem';
import type { Resources } from '../../src/domain/runs/resources';
import type { Runs } from '../../src/machine/runs/runs';
import { previewText } from '../../src/machine/runs/script';
import { thorough } from '../support/thorough';
import { makePlace, pause, wishOf, type Place } from './place';

let place: Place;
let made: string;
const path = process.env.PATH ?? '';

/** Programs in Slurm's place: `sbatch` notes how it was called, the others say what the files of their names hold. */
beforeEach(() => {
  place = makePlace({ here: { scheduler: { name: 'slurm' } } });
  made = join(place.home, 'made');
  mkdirSync(made);
  program('sbatch', `printf '%s\\n' "$*" >>${made}/called; env >>${made}/env; echo 77`);
  for (const name of ['squeue', 'sacct'])
    program(name, `[ -f ${made}/${name}.says ] || exit 1; cat ${made}/${name}.says`);
  says('squeue', '');
  process.env.PATH = `${made}${delimiter}${path}`;
});

afterEach(() => {
  process.env.PATH = path;
  delete process.env.GRPO_LENS_FAULT;
  place.remove();
});

function program(name: string, text: string): void {
  writeFileSync(join(made, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(made, name), 0o755);
}

const says = (name: string, text: string): void => writeFileSync(join(made, `${name}.says`), text);
const told = async (runs: Runs, id: string): Promise<unknown[]> => {
  const { state, facts } = await runs.find(id);
  return [state, facts.scheduler?.says];
};
const called = (): string[] =>
  existsSync(join(made, 'called')) ? readFileSync(join(made, 'called'), 'utf8').trim().split('\n') : [];

describe('what Slurm says of a job', () => {
  it('is read from the queue, else from the accounts; how a job ended is kept', async () => {
    const runs = place.runs();
    says('squeue', '76|RUNNING|None\n77|PENDING|Resources\n');
    const { run } = await runs.launch(wishOf('true'));
    expect([run.state, run.facts.scheduler?.says]).toEqual(['queued', 'Slurm job 77 waits for free resources']);
    says('squeue', '76|RUNNING|None\n');
    says('sacct', '77|CANCELLED by 1000|None\n');
    await pause(1100);
    expect(await told(runs, run.id)).toEqual(['stopped', 'cancelled in Slurm']);
    says('sacct', '');
    await pause(1100);
    expect(await told(runs, run.id)).toEqual(['stopped', 'cancelled in Slurm']);
    runs.dispose();
  });

  it('a Slurm that does not answer makes the state unknown, and forbids a second attempt', async () => {
    const runs = place.runs();
    says('squeue', '77|RUNNING|None\n');
    const { run } = await runs.launch(wishOf('true'));
    program('squeue', 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1');
    const other = place.runs();
    const seen = await other.find(run.id);
    expect([seen.state, seen.facts.scheduler?.says]).toEqual([
      'unknown',
      'Slurm does not answer: slurm_load_jobs error: Unable to contact slurm controller.',
    ]);
    const problem = await other.resume(seen, wishOf('true')).catch((error: Problem) => error);
    expect(problem).toMatchObject({ code: 'exists' });
    runs.dispose();
    other.dispose();
  });
});

it('hands in one script with its header; no secret is in its words, its files or its environment', async () => {
  const runs = place.runs();
  const resources: Resources = { partition: 'gpu', nodes: 2, gpus: 'h200:8', memory: '64G', more: ['--exclusive'] };
  const secret = 'of-a-test-only';
  const wish = wishOf('true', { resources, env: { WANDB_API_KEY: secret } });
  const { run } = await runs.launch(wish);
  const attempt = join(run.folder, 'attempts/1');
  expect(readFileSync(join(attempt, 'job.sh'), 'utf8').split('\n').slice(0, 6)).toEqual([
    '#!/bin/sh',
    '#SBATCH --partition=gpu',
    '#SBATCH --nodes=2',
    '#SBATCH --gres=gpu:h200:8',
    '#SBATCH --mem=64G',
    '#SBATCH --exclusive',
  ]);
  expect(previewText(await runs.preview(wish))).toMatch(/^#SBATCH --partition=gpu\n[^]*\n\n#!\/bin\/sh\n/);
  expect(called()).toEqual([
    `--parsable --no-requeue --job-name=grpo-${run.id}-1 --open-mode=append --output=${attempt}/log.txt ${attempt}/job.sh`,
  ]);
  const holds = readdirSync(attempt).filter((name) => readFileSync(join(attempt, name), 'utf8').includes(secret));
  expect(holds).toEqual(['secrets']);
  expect(readFileSync(join(made, 'env'), 'utf8')).not.toContain(secret);
  says('squeue', '77|CANCELLED|None\n');
  await pause(1100);
  expect((await runs.find(run.id)).state).toBe('stopped');
  expect(existsSync(join(attempt, 'secrets'))).toBe(false);
  runs.dispose();
});

it.each(thorough ? [8, 9, 10, 11] : [9])(
  'the launching process killed after operation %i: asked again it is one job',
  async (at) => {
    program('sbatch', `printf '%s\\n' "$*" >>${made}/called; echo '77' >${made}/squeue.says; echo 77`);
    program(
      'squeue',
      `case "$*" in *%T*) sed 's/$/|RUNNING|None/' ${made}/squeue.says;; *) cat ${made}/squeue.says;; esac`,
    );
    process.env.GRPO_LENS_FAULT = `launcher:${at}`;
    const dying = place.runs();
    await dying.launch(wishOf('true'), 'r').catch(() => undefined);
    dying.dispose();
    delete process.env.GRPO_LENS_FAULT;
    const runs = place.runs();
    const { run } = await runs.launch(wishOf('true'), 'r');
    expect([run.state, called()]).toEqual(['running', [expect.stringContaining('grpo-r-1')]]);
    runs.dispose();
  },
);

it('a second job of one attempt ends at once: the script is carried out once', async () => {
  program('sbatch', `for last; do :; done; sh "$last"; sh "$last"; echo 77`);
  const runs = place.runs();
  const { run } = await runs.launch(wishOf('echo once'));
  expect([run.state, readFileSync(run.log ?? '', 'utf8')]).toEqual(['succeeded', 'once\n']);
  runs.dispose();
});

it.each<[Resources, RegExp]>([
  [{ partition: 'a b' }, /partition "a b" is not the name of a partition/],
  [{ gpus: '$(id)' }, /is not a number of GPUs/],
  [{ time: '1h' }, /is not a time/],
  [{ nodes: 0 }, /is not a number of nodes/],
  [{ more: ['--wrap=x y'] }, /is not an option such as/],
  [{ more: ['--x\n#SBATCH --wrap=id'] }, /is not an option such as/],
])('does not ask for %j', async (resources, message) => {
  const runs = place.runs();
  const problem = await runs.launch(wishOf('true', { resources })).catch((error: Problem) => error);
  expect(problem).toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
  expect(called()).toEqual([]);
  runs.dispose();
});

it('a target without a scheduler cannot be asked for GPUs', async () => {
  const plain = makePlace();
  const runs = plain.runs();
  const problem = await runs.launch(wishOf('true', { resources: { gpus: '1' } })).catch((error: Problem) => error);
  expect(problem).toMatchObject({ message: expect.stringMatching(/has no scheduler/) });
  runs.dispose();
  plain.remove();
});
