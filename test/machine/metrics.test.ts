import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Curves } from '../../src/domain/runs/series';
import { thisDisk, type Disk } from '../../src/machine/disk';
import { RunMetrics } from '../../src/machine/runs/metrics';
import { adopt, adoptedRun, findOutputs, glance } from '../../src/machine/runs/outputs';
import { HistorySource } from '../../src/machine/runs/sources';

const RUN = 'examples/trl-count/output';
const folders: string[] = [];

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'grpo-metrics-'));
  folders.push(made);
  return made;
}

afterEach(async () => {
  for (const made of folders.splice(0)) await rm(made, { recursive: true });
});

function curve(metrics: RunMetrics, name: string) {
  const found = metrics.curves.all().find((series) => series.name === name);
  if (!found) throw new Error(`no curve ${name}`);
  return found;
}

describe('metrics of a run folder', () => {
  it('gives the full digits where trainer_state.json has them', async () => {
    const metrics = new RunMetrics([RUN]);
    await metrics.refresh();
    expect(curve(metrics, 'reward').values[0]).toBe(0.90625);
    expect(curve(metrics, 'reward').steps).toHaveLength(220);
    expect([metrics.step, metrics.steps]).toEqual([220, 220]);
    expect(adoptedRun(RUN, metrics, Date.now()).state).toBe('succeeded');
  });

  it('knows the page of a tracker that the log names, also where it comes in pieces', async () => {
    const made = await folder();
    const lines = [
      'wandb: Tracking run with wandb version 0.21',
      'wandb: ⭐️ View project at https://wandb.ai/lab/grpo',
      'wandb: 🚀 View run at https://wandb.ai/lab/grpo/runs/abc123',
      "{'loss': 0.1, 'reward': 0.5, 'epoch': 0.1}",
      'wandb: ⭐️ View project at https://wandb.ai/lab/grpo',
    ];
    const metrics = new RunMetrics([made]);
    for (const line of lines) {
      await writeFile(`${made}/stdout.log`, `${line}\n`, { flag: 'a' });
      await metrics.refresh();
    }
    expect(metrics.tracker).toEqual({ tracker: 'wandb', url: 'https://wandb.ai/lab/grpo/runs/abc123' });
  });

  it('follows a growing log byte by byte, never doubling and never losing a step', async () => {
    const made = await folder();
    const log = await readFile(`${RUN}/stdout.log`);
    const metrics = new RunMetrics([made]);
    for (let end = 0; end < log.length; end += 99_991) {
      await writeFile(join(made, 'stdout.log'), log.subarray(0, end));
      await metrics.refresh();
    }
    await writeFile(join(made, 'stdout.log'), log);
    expect(await metrics.refresh()).toBe(true);
    expect(await metrics.refresh()).toBe(false);
    const whole = new RunMetrics([RUN]);
    await whole.refresh();
    expect(curve(metrics, 'grad_norm').steps).toEqual(curve(whole, 'grad_norm').steps);
    expect(metrics.steps).toBe(220);
  });

  it('is told of a trainer_state.json that is not whole, and goes on with the log', async () => {
    const made = await folder();
    await cp(`${RUN}/stdout.log`, join(made, 'stdout.log'));
    await writeFile(join(made, 'trainer_state.json'), '{"log_history": [{"lo');
    const metrics = new RunMetrics([made]);
    await metrics.refresh();
    expect(metrics.problems.join()).toContain('no whole JSON');
    expect(curve(metrics, 'reward').steps).toHaveLength(220);
  });
});

describe('sources', () => {
  it('TensorBoard events alone give every step and metric of trainer_state.json, in single precision', async () => {
    const made = await folder();
    await cp(`${RUN}/runs`, join(made, 'runs'), { recursive: true });
    const metrics = new RunMetrics([made]);
    await metrics.refresh();
    const state = JSON.parse(await readFile(`${RUN}/trainer_state.json`, 'utf8')) as {
      log_history: Record<string, number>[];
    };
    let compared = 0;
    for (const { step = NaN, ...values } of state.log_history)
      for (const [name, value] of Object.entries(values)) {
        const { steps, values: read } = curve(metrics, name);
        expect(read[steps.indexOf(step)]).toBe(Math.fround(value));
        compared++;
      }
    expect(compared).toBeGreaterThan(220 * 20);
    expect(metrics.walls.size).toBe(220);
  });

  it('says that an event file is broken, and keeps what came before', async () => {
    const made = await folder();
    const [name = ''] = (await readdir(`${RUN}/runs`, { recursive: true })).filter((path) => path.includes('tfevents'));
    const whole = await readFile(join(RUN, 'runs', name));
    const broken = Buffer.concat([whole.subarray(0, 20_000), Buffer.alloc(5000, 255)]);
    await writeFile(join(made, 'events.out.tfevents.1.x'), broken);
    const metrics = new RunMetrics([made]);
    await metrics.refresh();
    expect(metrics.problems.join()).toContain('is broken');
    expect(curve(metrics, 'reward').steps.length).toBeGreaterThan(3);
  });

  it('a stopped and resumed run is one run of 40 steps in two attempts', async () => {
    const metrics = new RunMetrics(['test/recordings/stopped-resumed']);
    await metrics.refresh();
    expect(curve(metrics, 'reward').steps).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(metrics.starts).toEqual([1, 21]);
    expect([metrics.step, metrics.steps]).toEqual([40, 40]);
  });

  it('a nan is a nan', async () => {
    const metrics = new RunMetrics(['test/recordings/crashed']);
    await metrics.refresh();
    expect(curve(metrics, 'grad_norm').values[28]).toBeNaN();
    expect([metrics.step, metrics.steps]).toEqual([29, 90]);
  });
});

describe('output folders', () => {
  it('are found below a root, and a glance tells how far they are', async () => {
    const found = await findOutputs('examples');
    expect(found).toEqual(expect.arrayContaining(['examples/trl-count/output', 'examples/trl-vl-count/output']));
    expect(await glance(RUN)).toMatchObject({ step: 220, steps: 220 });
  });

  it('are adopted by pointing at them or at the folder around them', async () => {
    expect(await adopt('examples/trl-count')).toMatch(/examples\/trl-count\/output$/);
    await expect(adopt('src/base')).rejects.toThrow('is no output folder of a training run');
    await expect(adopt('examples')).rejects.toThrow('choose one of them');
  });
});

describe('a glance at a folder', () => {
  it('leaves out what is gone, or is no file, when it is opened', async () => {
    const made = await folder();
    await symlink(join(made, 'nowhere'), join(made, 'stdout.log'));
    await mkdir(join(made, 'more.log'));
    await writeFile(join(made, 'train.log'), ' 50%|#####     | 5/10 [00:01<00:01]\n');
    expect(await glance(made)).toMatchObject({ step: 5, steps: 10, crashed: false });
  });
});

describe('a history that could not be read', () => {
  it('is read at the next look', async () => {
    const made = await folder();
    await writeFile(join(made, 'trainer_state.json'), '{"max_steps": 9, "log_history": [{"step": 3, "reward": 1}]}');
    let lost = true;
    const read: Disk['read'] = (path, offset, limit) =>
      lost ? Promise.reject(new Error('lost')) : thisDisk.read(path, offset, limit);
    const source = new HistorySource({ ...thisDisk, read }, join(made, 'trainer_state.json'));
    const curves = new Curves((name) => name);
    await expect(source.refresh(curves, 1)).rejects.toThrow('lost');
    lost = false;
    expect([await source.refresh(curves, 1), source.steps]).toEqual([true, 9]);
  });
});
