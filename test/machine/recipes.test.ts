import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recipes } from '../../src/domain/frameworks/recipes';
import { chores } from '../../src/domain/frameworks/chores';
import { pipelineOf } from '../../src/domain/runs/pipeline';
import { runCommand } from '../../src/machine/commands/all';
import { writeTarget } from '../../src/machine/hosts/target';
import { RunMetrics } from '../../src/machine/runs/metrics';
import { openTable } from '../../src/machine/table/table';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'recipes-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function grpo(...args: string[]): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const tell = (text: string): void => void said.push(text);
  const status = await runCommand(args, { print: tell, note: tell, root: resolve('.') });
  return { status, said: said.join('\n') };
}

/** A project as `grpo new` makes it, once. */
async function project(id: string): Promise<string> {
  const folder = join(root, id);
  if (!existsSync(folder)) expect((await grpo('new', id, folder)).status).toBe(0);
  return folder;
}

describe.each(recipes.map((recipe) => [recipe.id, recipe] as const))('a new project %s', (id, { starts }) => {
  it('passes its own lint', async () => {
    const folder = await project(id);
    for (const start of starts) {
      const { status, said } = await grpo('lint', join(folder, start), '--json');
      expect([start, status, said]).toEqual([start, 0, expect.not.stringContaining('"severity":"error"')]);
    }
  });

  it('has pipelines that name what exists', async () => {
    const file = join(await project(id), 'pipeline.json');
    const steps = existsSync(file) ? pipelineOf(readFileSync(file, 'utf8'), chores) : [];
    expect(typeof steps).toBe('object');
  });
});

const scored = recipes.flatMap(({ id, rewards }) => (rewards ? [[id, rewards] as const] : []));

it.each(scored)(
  '%s has rewards that meet their expectations',
  { timeout: 20_000 },
  async (id, { file, expect: stated }) => {
    const folder = await project(id);
    const { status, said } = await grpo('score', join(folder, file), '--expect', join(folder, stated));
    expect([status, said]).toEqual([0, expect.stringMatching(/\d/)]);
  },
);

it('the command for a patched verl passes the lint of the release that it is written for', async () => {
  const script = join(await project('verl-gad'), 'train_gad.sh');
  const { status, said } = await grpo('lint', script, '--framework-version', '0.7.0', '--json');
  expect([status, said]).toEqual([0, expect.not.stringContaining('"severity":"error"')]);
  expect(said).toContain('verl.critic.auto');
});

it('an empty folder that is there stays the same one: a terminal may stand in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-new-'));
  const { ino } = statSync(folder);
  expect((await grpo('new', 'tiny-count', folder)).status).toBe(0);
  expect([statSync(folder).ino, existsSync(join(folder, 'train.sh'))]).toEqual([ino, true]);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

it('keeps where it will train in its settings, and is not written for a target that is not there', async () => {
  vi.stubEnv('GRPO_LENS_HOME', join(root, 'home'));
  await writeTarget('h200', { ssh: 'h200' });
  const [one, none] = [join(root, 'one'), join(root, 'none')];
  expect((await grpo('new', 'swift-clevr', one, '--target', 'h200')).status).toBe(0);
  const settings: unknown = JSON.parse(readFileSync(join(one, '.vscode/settings.json'), 'utf8'));
  expect(settings).toEqual({ 'grpoLens.config.installedOn': 'h200' });
  expect(await grpo('new', 'swift-clevr', none, '--target', 'h20')).toEqual({
    status: 2,
    said: expect.stringContaining('There is no target "h20" (there are: here, h200).'),
  });
  expect(existsSync(none)).toBe(false);
  vi.unstubAllEnvs();
});

describe('the trainer of one’s own', () => {
  it('learns, and its metrics and completions are read as they lie', { timeout: 20_000 }, async () => {
    const folder = await project('qwenvl-own');
    const { status, stderr } = spawnSync('bash', ['train.sh', '--seed', '7'], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const metrics = new RunMetrics([join(folder, 'output/grpo_model')]);
    await metrics.refresh();
    const last = (name: string): number => metrics.curves.get(name)?.values.at(-1) ?? NaN;
    expect(metrics.steps).toBe(80);
    expect(metrics.curves.get('accuracy_reward')?.values[0]).toBeLessThan(0.5);
    expect(last('accuracy_reward')).toBeGreaterThan(0.7);
    expect(last('kl')).toBeGreaterThan(0);
    expect(metrics.curves.get('format_reward')?.values).toHaveLength(80);
    const table = await openTable(join(folder, 'output/grpo_model/completions.jsonl'));
    expect([table.rows, [...table.scores.keys()]]).toEqual([
      1280,
      ['format_reward', 'accuracy_reward', 'total_reward'],
    ]);
    table.dispose();
  });

  it('has a flag of its own judged, and a wrong one marked', async () => {
    const folder = await project('qwenvl-own');
    const text = readFileSync(join(folder, 'train.sh'), 'utf8');
    const wrong = join(folder, 'wrong.sh');
    writeFileSync(wrong, text.replace('--grpo_beta 0.1', '--grpo_betta 0.1'));
    expect((await grpo('lint', wrong)).said).toMatch(/grpo_betta[\s\S]*grpo_beta/);
  });

  it('has data in the form of videos with meta frames', async () => {
    const folder = await project('qwenvl-own');
    const { said } = await grpo('data', 'show', join(folder, 'data/assy07_grpo.jsonl'), '--count', '1', '--json');
    expect(said).toContain('frame_cnts');
    expect(said).toContain('videos/assy07_00.mp4');
  });
});

it('the tiny trainer comes along', { timeout: 20_000 }, async () => {
  const folder = await project('tiny-count');
  const words = ['train.sh', '--max_steps', '2', '--seconds_per_step', '0'];
  const { status, stderr } = spawnSync('sh', words, { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  expect(existsSync(join(folder, 'output/trainer_state.json'))).toBe(true);
});
