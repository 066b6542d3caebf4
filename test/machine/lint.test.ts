import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../src/machine/config/grammars';
import { ipynb } from '../../src/machine/ipynb';
import { lintNotebook } from '../../src/machine/config/lintNotebook';
import { fileReader, lint, readSettings, type LintWish } from '../../src/machine/config/lint';

let folder: string;
let wish: LintWish;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grpo-lint-'));
  const wasm = fileURLToPath(new URL('../../node_modules/@vscode/tree-sitter-wasm/wasm', import.meta.url));
  wish = { grammars: await loadGrammars(wasm) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** `line:column rule` of each remark. */
async function remarks(path: string, extra: LintWish = {}): Promise<string[]> {
  const all = lint(await readSettings(path, { ...wish, ...extra }), extra);
  return all.map(({ line, column, rule }) => `${line}:${column} ${rule}`);
}

describe('grpo lint', () => {
  it('counts lines and columns from 1, CRLF or not', async () => {
    for (const end of ['\n', '\r\n']) {
      const text = ['# x', 'trl grpo \\', '  --lozz_type dapo', ''].join(end);
      const expected = end === '\n' ? ['3:3 unknown-key'] : ['1:4 crlf', '3:3 unknown-key'];
      expect(await remarks(file('a.sh', text))).toEqual(expected);
    }
  });

  it('reads the file that a command names', async () => {
    file('c.yaml', 'data:\n  rollout_batch_size: 60\nworker:\n  actor:\n    global_batch_size: 16\n');
    const path = file('run.sh', 'python3 -m verl.trainer.main config=c.yaml worker.rollout.n=4\n');
    expect(await remarks(path)).toEqual(['1:1 easyr1.reward.required', '1:37 easyr1.batch.rollout_mod_global']);
  });

  it('knows the number of GPUs where it is told', async () => {
    const path = file('g.sh', 'trl grpo --per_device_train_batch_size 4 --num_generations 8\n');
    expect(await remarks(path)).toEqual([]);
    expect(await remarks(path, { gpus: 1 })).toEqual(['1:60 trl.gen_batch_div_num_generations']);
  });

  it('reads code blocks of Markdown', async () => {
    const path = file(
      'm.md',
      '# x\n\n```bash\ntrl grpo --lozz_type dapo\n```\n\n```python\nGRPOConfig(\n  betta=1,\n)\n```\n',
    );
    expect(await remarks(path)).toEqual(['4:10 unknown-key', '9:3 unknown-key']);
  });

  it('judges by the version that it is told', async () => {
    const path = file('v.sh', 'trl grpo --max_prompt_length 512 --torch_dtype bfloat16\n');
    expect(await remarks(path)).toEqual(['1:10 removed-key', '1:34 removed-key']);
    expect(await remarks(path, { version: '0.20.0' })).toEqual([]);
  });

  it('takes the flags of a trainer of one’s own from its script and what it imports', async () => {
    const fields = '    grpo_alpha: float = field(default=0.5, metadata={"help": "Scale."})\n    seed: int = 42\n';
    file('arguments.py', `from dataclasses import dataclass, field\n\n\n@dataclass\nclass GRPOArguments:\n${fields}`);
    file('train_own.py', 'from .arguments import GRPOArguments\nparser = HfArgumentParser((GRPOArguments,))\n');
    const command = `python train_own.py --grpo_alpha 0.5 --grpo_alhpa 1 --seed many`;
    expect(await remarks(file('own.sh', command))).toEqual(['1:38 unknown-key', '1:60 bad-type']);
  });

  it('leaves be what a parser may take from classes that stand elsewhere', async () => {
    const own = '@dataclass\nclass Mine:\n    alpha: float = 0.5\n';
    const path = file('elsewhere.sh', 'python train_elsewhere.py --alpha x --learning_rate 1e-6 --use_peft\n');
    for (const parser of ['parser = TrlParser((Mine, ModelConfig))', 'parser = HfArgumentParser(types)']) {
      file('train_elsewhere.py', `from trl import ModelConfig, TrlParser\n${own}\n${parser}\n`);
      expect(await remarks(path)).toEqual(['1:35 bad-type']);
    }
    file('train_elsewhere.py', `${own.replace('Mine:', 'Mine(ScriptArguments):')}\nTrlParser((Mine,))\n`);
    expect(await remarks(path)).toEqual(['1:35 bad-type']);
  });

  it('takes the flags of an argparse script too; of an open one only a slip is doubted', async () => {
    const flags = [
      "p.add_argument('--grpo-alpha', '-a', type=float, default=0.5, help='Scale.')",
      "p.add_argument('--mode', choices=['fast', 'slow'])",
      "p.add_argument('--verbose', action='store_true')",
      "p.add_argument('--names', nargs='+', type=int)",
    ];
    file(
      'train_args.py',
      `import argparse\np = argparse.ArgumentParser()\n${flags.join('\n')}\nargs = p.parse_args()\n`,
    );
    const words = '--grpo_alpha x --mode quick --verbose --names 1 2 --grpo_alhpa 1';
    const path = file('args.sh', `python train_args.py ${words}\n`);
    expect(await remarks(path)).toEqual(['1:35 bad-type', '1:44 bad-choice', '1:72 unknown-key']);
    file(
      'train_args.py',
      `import argparse\np = argparse.ArgumentParser()\n${flags.join('\n')}\nargs, _ = p.parse_known_args()\n`,
    );
    file('open.sh', `python train_args.py ${words} --somebody_elses 1\n`);
    expect(await remarks(join(folder, 'open.sh'))).toEqual(['1:35 bad-type', '1:44 bad-choice', '1:72 unknown-key']);
  });

  it('reads the code cells of a notebook file, at the lines of the file', async () => {
    const text = ipynb([
      { kind: 'text', text: '`trl grpo --lozz_type dapo`' },
      { kind: 'code', text: '%pip install trl\nGRPOConfig(\n  betta=1,\n)\n' },
      { kind: 'code', text: '%%bash\ntrl grpo --lozz_type "dapo"\n' },
    ]);
    const found = await lintNotebook(file('n.ipynb', text), wish);
    const lines = text.split('\n');
    for (const { line, column, key, rule } of found) {
      expect([rule, lines[line - 1]?.slice(column - 1)]).toEqual(['unknown-key', expect.stringContaining(String(key))]);
    }
    expect(found.map(({ key }) => key)).toEqual(['betta', 'lozz_type']);
    for (const broken of ['{', 'null', '{"cells": 5}', '{"cells": [null]}'])
      await expect(lintNotebook(file('broken.ipynb', broken), wish)).rejects.toThrow(/is no notebook/);
  });

  it('places a line that stands twice, and a cell that is one text, at the right line of a notebook', async () => {
    const cells = [
      {
        cell_type: 'code',
        metadata: {},
        source: ['%%bash\n', 'trl grpo --lozz_type x\n', '\n', 'trl grpo --lozz_type x\n'],
      },
      { cell_type: 'code', metadata: {}, source: '%%bash\ntrl grpo --betta 1\n' },
    ];
    const text = `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, undefined, 1)}\n`;
    const found = await lintNotebook(file('twice.ipynb', text), wish);
    const at = (word: string, from = 0): number => text.slice(0, text.indexOf(word, from)).split('\n').length;
    const first = at('--lozz_type');
    expect(found.map(({ line, key }) => [line, key])).toEqual([
      [first, 'lozz_type'],
      [first + 2, 'lozz_type'],
      [at('--betta'), 'betta'],
    ]);
  });

  it('a path that no file can have is no file', () => {
    for (const path of ['a'.repeat(5000), 'a\0b', folder]) expect(fileReader('x.sh')(path)).toBeUndefined();
  });

  it('says where a merge is not done, and what is too long', async () => {
    const merge = '<<<<<<< HEAD\ntrl grpo --beta 1\n=======\ntrl grpo --beta 2\n>>>>>>> x\n';
    expect(await remarks(file('merge.sh', merge))).toEqual(['1:1 merge-marker']);
    expect(await remarks(file('long.yaml', `a: ${'x'.repeat(5_000_001)}`))).toEqual(['1:1 too-long']);
  });

  it('has one sentence for a file that is not there, and for one of another kind', async () => {
    await expect(readSettings(join(folder, 'none.sh'))).rejects.toThrow(
      /none\.sh cannot be read: there is no such file\.$/,
    );
    await expect(readSettings('x.exe')).rejects.toThrow(/cannot be checked/);
  });
});
