import { mkdirSync, mkdtempSync, readFileSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chores } from '../../src/domain/frameworks/chores';
import { pipelineOf } from '../../src/domain/runs/pipeline';
import { runCommand } from '../../src/machine/commands/all';
import { previewRecipe } from '../../src/machine/chores/recipePreview';
import { farPictures, pictureSource } from '../../src/machine/data/pictures';
import { png } from '../support/media';
import { Targets } from '../../src/machine/hosts/targets';
import { interpreterOf } from '../../src/machine/config/installed';
import { makeFarPlace, type FarPlace } from './farPlace';

let home = '';
let all: FarPlace;

beforeAll(async () => {
  all = await makeFarPlace({
    here: { detach: 'setsid' },
    far: { ssh: 'lens', detach: 'setsid' },
    bare: { ssh: 'lens', python: 'no-python' },
  });
  home = all.place.home;
  process.env['GRPO_LENS_HOME'] = home;
  process.env['GRPO_LENS_SSH_CONFIG'] = all.sshd.config;
});
afterAll(() => {
  delete process.env['GRPO_LENS_HOME'];
  delete process.env['GRPO_LENS_SSH_CONFIG'];
  all.remove();
});

let work = '';
beforeEach(() => (work = mkdtempSync(join(home, 'work-'))));

/** A chore to its end, in the folder of the test. */
async function chore(...args: string[]): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const tell = (text: string): void => void said.push(text);
  const output = { print: tell, note: tell, root: resolve('.') };
  const status = await runCommand(['chore', ...args, '--cwd', work, '--wait'], output);
  return { status, said: said.join('\n') };
}

function put(name: string, data: unknown): string {
  const file = join(work, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof data === 'string' || Buffer.isBuffer(data) ? data : JSON.stringify(data));
  return file;
}

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(20)]);
const RECIPE = {
  write: 'messages',
  output: 'train.jsonl',
  parts: [{ read: 'maze/data.json', prompt: 'Find the way.', solution: '{path}', images: ['{image}'] }],
};

describe('chores on a host over ssh', () => {
  it('a folder is copied there, checked, and a second time nothing is sent', async () => {
    put('model/config.json', '{}');
    put('model/sub/weights.bin', Buffer.alloc(300_000, 7));
    const to = join(all.far, 'models/small');
    const first = await chore('copy', '--folder', 'model', '--host', 'far', '--to', to);
    expect(first.said).toContain('2 files are in');
    expect(first.status).toBe(0);
    expect(readFileSync(join(to, 'sub/weights.bin'))).toEqual(Buffer.alloc(300_000, 7));
    const again = await chore('copy', '--folder', 'model', '--host', 'far', '--to', to);
    expect(again.said).toContain('0.0 MB were sent now');
  });

  it('a recipe of here makes records there', async () => {
    put('data/maze/data.json', [
      { image: 'a.png', path: [1, 5] },
      { image: 'none.png', path: [2] },
    ]);
    put('data/maze/a.png', PNG);
    const recipe = put('recipe.json', RECIPE);
    const { status, said } = await chore('prepare', '--recipe', recipe, '--data_root', 'data', '--target', 'far');
    expect(said).toContain('left out 1: a file that it names does not exist');
    expect(status).toBe(0);
    const record = JSON.parse(readFileSync(join(work, 'train.jsonl'), 'utf8')) as object;
    expect(record).toMatchObject({ solution: '[1, 5]', messages: [{ role: 'user', content: '<image>Find the way.' }] });
  });

  it('a recipe of here is previewed there, with its pictures', async () => {
    put('data/maze/data.json', [{ image: 'a.png', path: [1, 5] }]);
    put('data/maze/a.png', PNG);
    const targets = new Targets({ python: resolve('python'), home, sshConfig: all.sshd.config });
    const asked = { recipe: JSON.stringify(RECIPE), home: resolve('python'), most: 1000 };
    const previewOn = async (root: string, name = 'far'): ReturnType<typeof previewRecipe> =>
      previewRecipe({ ...asked, root, runs: interpreterOf(await targets.get(name)) });
    try {
      const { items, fields } = await previewOn(join(work, 'data'));
      expect(fields).toEqual(['file', 'folder', 'image', 'path']);
      expect(items).toMatchObject([
        { solution: '[1, 5]', media: [{ source: expect.stringMatching(/^data:image\/png;base64,iVBOR/) }] },
      ]);
      expect((await previewOn('/nowhere')).problem).toBe('/nowhere is no folder.');
      await expect(previewOn('/nowhere', 'bare')).rejects.toThrow(/lens has no Python 3.9 or newer \("no-python"\)/);
    } finally {
      targets.dispose();
    }
  });

  it('what is missing there is said in a sentence', async () => {
    put('actor/model_world_size_1_rank_0.pt', 'x');
    const { status, said } = await chore('merge-checkpoint', '--local_dir', 'actor', '--target', 'far');
    expect(status).toBe(1);
    expect(said).toMatch(/torch is not installed for .*: .* -m pip install torch, or "Prepare Environment…"/);
    const own = await chore('merge-checkpoint-verl', '--local_dir', 'actor', '--target_dir', 'm', '--target', 'far');
    expect(own.said).toMatch(/No module named '?verl/);
  });
});

describe('a data set on a host', () => {
  async function data(...args: string[]): Promise<{ status: number; said: string }> {
    const said: string[] = [];
    const tell = (text: string): void => void said.push(text);
    const status = await runCommand(['data', ...args], { print: tell, note: tell, root: resolve('.') });
    return { status, said: said.join('\n') };
  }

  it('is checked where its pictures are, shown, and brought again only when it has changed', async () => {
    const records = ['whole', 'none', 'cut'].map((name) => ({
      prompt: `<image>Is ${name} there?`,
      answer: 'yes',
      images: [`images/${name}.png`],
    }));
    const write = (more: readonly object[]): string =>
      put('there/train.jsonl', more.map((record) => JSON.stringify(record)).join('\n'));
    const whole = png(40, 30);
    put('there/images/whole.png', whole);
    put('there/images/cut.png', whole.subarray(0, whole.length - 20));
    const path = write(records);
    const { status, said } = await data('check', path, '--target', 'far');
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(/train\.jsonl:2: error: The file images\/none\.png is not there/),
    ]);
    expect(said).toMatch(/train\.jsonl:3: error: The file images\/cut\.png ends in the middle/);
    expect(said).not.toMatch(/train\.jsonl:1:/);
    expect((await data('show', path, '--target', 'far', '--row', '2')).said).toContain('Is cut there?');
    write([...records, { prompt: 'And now?', answer: 'no' }]);
    expect((await data('show', path, '--target', 'far', '--row', '3')).said).toContain('And now?');
    const kept = readdirSync(join(home, 'brought/far'), { recursive: true }).map(String);
    expect(kept.filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is forgotten when nobody has asked for it in a month', async () => {
    const copies = (): string[] =>
      readdirSync(join(home, 'brought/far'), { recursive: true }).flatMap(
        (name) => /(old|new)\.jsonl$/.exec(`${String(name)}`)?.[1] ?? [],
      );
    const [old, other] = [
      put('old.jsonl', '{"prompt": "a", "answer": "b"}\n'),
      put('new.jsonl', '{"prompt": "a", "answer": "b"}\n'),
    ];
    await data('show', old, '--target', 'far');
    const mark = readdirSync(join(home, 'brought'), { recursive: true })
      .map(String)
      .find((name) => name.endsWith('old.jsonl.mark'));
    const longAgo = new Date(Date.now() - 31 * 24 * 3600 * 1000);
    utimesSync(join(home, 'brought', mark ?? ''), longAgo, longAgo);
    await data('show', other, '--target', 'far');
    expect(copies()).toEqual(['new']);
  });

  it('that is not there, or too big to be brought, is refused in a sentence', async () => {
    const said = async (path: string): Promise<string> => (await data('check', path, '--target', 'far')).said;
    expect(await said('/nowhere/a.jsonl')).toMatch(/The folder \/nowhere could not be read/);
    expect(await said(join(work, 'a.jsonl'))).toMatch(/There is no file .* on far/);
    truncateSync(put('huge.jsonl', ''), 5e9);
    expect(await said(join(work, 'huge.jsonl'))).toMatch(/holds 5.0 GB, too much/);
  });

  it('has its pictures made known to a page', async () => {
    const targets = new Targets({ python: resolve('python'), home, sshConfig: all.sshd.config });
    try {
      const paths = [put('a.png', png(4, 3)), join(work, 'gone.png')];
      const told = await farPictures(interpreterOf(await targets.get('far')), resolve('python'), paths);
      expect(pictureSource(told[paths[0] ?? '']).source).toMatch(/^data:image\/png;base64,/);
      expect(pictureSource(told[paths[1] ?? ''])).toEqual({
        source: null,
        why: expect.stringContaining('No such file') as string,
      });
    } finally {
      targets.dispose();
    }
  });
});

describe('a pipeline', () => {
  it('goes on where it stopped, chores and commands alike', async () => {
    put('data/maze/data.json', [{ image: 'a.png', path: [1, 5] }]);
    put('data/maze/a.png', PNG);
    put('recipe.json', RECIPE);
    const steps = put('pipeline.json', {
      steps: [
        {
          name: 'convert',
          chore: 'prepare',
          with: { recipe: 'recipe.json', data_root: 'data' },
          makes: ['train.jsonl'],
        },
        { name: 'train', run: 'echo training >> log; test -e go' },
        { name: 'measure', run: ['sh', '-c', 'echo measured >> log'] },
      ],
    });
    const first = await chore('pipeline', '--steps', steps);
    expect([first.status, first.said]).toEqual([1, expect.stringContaining('train ended with status 1')]);
    put('go', '');
    const second = await chore('pipeline', '--steps', steps);
    expect([second.status, second.said]).toEqual([0, expect.stringContaining('convert: done before, left out')]);
    expect(readFileSync(join(work, 'log'), 'utf8')).toBe('training\ntraining\nmeasured\n');
  });

  it.each([
    ['{', /It is no JSON/],
    ['[]', /It lists no “steps”/],
    ['[{"name":"a"}]', /Step “a” needs either “chore” or “run”/],
    ['[{"name":"a","chore":"nothing"}]', /there is no chore "nothing"; there are download/],
    ['[{"name":"a","run":"x"},{"name":"a","run":"y"}]', /Two steps are called “a”/],
    ['[{"name":"a","run":[]}]', /“run” is a command/],
    ['[{"name":"a","run":"x","make":[]}]', /Step 1 knows no “make”/],
  ])('%s is refused', (text, why) => {
    expect(pipelineOf(text, chores)).toMatch(why);
  });
});
