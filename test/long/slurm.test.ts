import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Runs } from '../../src/machine/runs/runs';
import { makePlace, pause, until, wholeLog, wishOf, type Place } from '../machine/place';
import { startSlurm, type Slurm } from '../frameworks/slurm';
import { accounting, hasAccounting } from '../frameworks/slurmAccounting';

let slurm: Slurm;
let place: Place;
let runs: Runs;

/** Minutes: the smallest limit there is, and Slurm looks only every half minute. */
const LIMIT = '1';

describe.skipIf(!hasAccounting)(
  'a real Slurm with its accounting (needs root, slurmdbd and mariadb-server-core)',
  () => {
    beforeAll(async () => {
      slurm = await startSlurm(accounting);
      Object.assign(process.env, slurm.env);
      place = makePlace({ here: { scheduler: { name: 'slurm' }, resources: { gpus: '1' } } });
      runs = place.runs();
    });

    afterAll(() => {
      runs.dispose();
      place.remove();
      delete process.env.SLURM_CONF;
      slurm.stop();
    });

    const says = async (id: string): Promise<string | undefined> => (await runs.find(id)).facts.scheduler?.says;

    it('a job at its time limit has failed, says so, and can be resumed', async () => {
      const { run } = await runs.launch(wishOf('echo begun; sleep 600', { resources: { time: LIMIT } }));
      await until(runs, run.id, 'running');
      for (let tries = 0; tries < 180 && (await says(run.id)) === undefined; tries++) await pause(1000);
      const ended = await runs.find(run.id);
      expect([ended.state, ended.facts.scheduler?.says, await wholeLog(runs, ended)]).toEqual([
        'failed',
        'Slurm ended it: its time limit was reached',
        expect.stringMatching(/^begun\n/),
      ]);
      await runs.resume(ended, wishOf('echo resumed'));
      expect((await until(runs, run.id, 'succeeded', 'failed')).state).toBe('succeeded');
    });

    it('how a job ended is told by the accounting when Slurm has forgotten it', async () => {
      const first = await runs.launch(wishOf('sleep 600', { resources: { gpus: '2' } }));
      const second = await runs.launch(wishOf('echo never'));
      await until(runs, second.run.id, 'queued');
      const { job } = JSON.parse(readFileSync(join(second.run.folder, 'attempts/1/job'), 'utf8')) as { job: string };
      runs.dispose();
      slurm.ask('scancel', job);
      const known = (): boolean =>
        slurm.ask('squeue', '--states=all', '-h', '-o', '%i').trim().split('\n').includes(job);
      for (let tries = 0; tries < 120 && known(); tries++) await pause(1000);
      expect(known(), 'Slurm itself has forgotten the job').toBe(false);
      expect(slurm.ask('sacct', '-X', '-n', '-P', '-j', job, '-o', 'State')).toMatch(/^CANCELLED/);
      runs = place.runs();
      const ended = await runs.find(second.run.id);
      expect([ended.state, ended.facts.scheduler?.says]).toEqual(['stopped', 'cancelled in Slurm']);
      await runs.stop(first.run, 1);
    });
  },
);
