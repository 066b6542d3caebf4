import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chores } from '../../src/domain/frameworks/chores';
import { recipes } from '../../src/domain/frameworks/recipes';
import { runCommand } from '../../src/machine/commands/all';
import { removeHome } from './place';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chores-'));
  process.env['GRPO_LENS_HOME'] = home;
});
afterEach(() => {
  delete process.env['GRPO_LENS_HOME'];
  removeHome(home);
});

async function grpo(...args: string[]): Promise<{ status: number; said: string; noted: string }> {
  const [said, noted]: [string[], string[]] = [[], []];
  const output = {
    print: (text: string) => said.push(text),
    note: (text: string) => noted.push(text),
    root: resolve('.'),
  };
  const status = await runCommand(args, output);
  return { status, said: said.join('\n'), noted: noted.join('\n') };
}

describe('recipes', () => {
  it.each(recipes.map(({ id, opens }) => [id, opens]))('%s becomes a project, whole', async (id, opens) => {
    const folder = join(home, 'project');
    expect((await grpo('new', id, folder)).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(
      [...readdirSync(join('examples', id)), ...(id === 'tiny-count' ? ['grpo_lens'] : [])]
        .filter((name) => name !== '__pycache__' && name !== 'output')
        .sort(),
    );
    expect(readFileSync(join(folder, opens), 'utf8')).toBe(readFileSync(join('examples', id, opens), 'utf8'));
    const again = await grpo('new', id, folder);
    expect([again.status, again.noted]).toEqual([
      2,
      `grpo new: ${folder} holds files already; choose a new or empty folder.`,
    ]);
    expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('chores', () => {
  it('say what will run', async () => {
    const { said } = await grpo(
      'chore',
      'merge-lora',
      '--base_model',
      'b',
      '--lora_model',
      'l',
      '--output_path=o',
      '--preview',
    );
    expect(said).toBe(
      `python3 merge_lora.py --base_model b --lora_model l --output_path o\n\nin ${process.cwd()}, here`,
    );
    const verl = await grpo('chore', 'merge-checkpoint-verl', '--local_dir', 'a b', '--target_dir', 't', '--preview');
    expect(verl.said).toContain('python3 -m verl.model_merger merge --backend fsdp --local_dir a b --target_dir t');
  });

  it('refuse what they do not know in a sentence', async () => {
    expect((await grpo('chore', 'nothing')).noted).toContain(
      `There is no chore "nothing"; chores are ${chores.map(({ id }) => id).join(', ')}.`,
    );
    expect((await grpo('chore', 'evaluate')).noted).toContain('Evaluate Completions needs --samples');
    expect((await grpo('chore', 'evaluate', '--samples', 'x', '--smaples', 'x')).noted).toContain('knows no --smaples');
    const wrong = await grpo('chore', 'download', '--repo', 'a/b', '--save_dir', 'd', '--source', 'ftp');
    expect(wrong.noted).toContain('--source is one of huggingface, modelscope.');
    const gone = join(home, 'gone.json');
    expect((await grpo('chore', 'prepare', '--recipe', gone)).noted).toBe(
      `grpo chore: ${gone} cannot be read: there is no such file.`,
    );
  });

  it('are runs: one measures completions, and its log holds the result', { timeout: 60_000 }, async () => {
    const samples = join(home, 'in.jsonl');
    writeFileSync(
      samples,
      '{"completion":"<answer>yes</answer>","solution":"yes"}\n{"completion":"no","solution":"yes"}\n',
    );
    const { said, noted } = await grpo('chore', 'evaluate', '--samples', samples, '--cwd', home, '--json');
    expect(noted).toBe('');
    const { run } = JSON.parse(said) as { run: { id: string; folder: string; log: string } };
    for (let waited = 0; waited < 200; waited++) {
      const shown = JSON.parse((await grpo('show', run.id, '--json')).said) as { run: { state: string; log: string } };
      if (shown.run.state === 'succeeded') {
        expect(JSON.parse(readFileSync(shown.run.log, 'utf8'))).toMatchObject({ samples: 2, all: { exact: 0.5 } });
        return;
      }
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error((await grpo('show', run.id)).said);
  });
});
