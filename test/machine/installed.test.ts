import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cataloguesOf, interpreterHere, interpreterOf, readInstalled } from '../../src/machine/config/installed';
import { lint, readSettings, type LintWish } from '../../src/machine/config/lint';
import { Targets } from '../../src/machine/hosts/targets';

const python = join(process.cwd(), 'python');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'grpo-installed-'));
  write('site/trl/__init__.py', 'raise SystemExit("imported")\n');
  write('site/trl/trainer/__init__.py', '');
  write('site/trl-1.9.7.dist-info/METADATA', 'Metadata-Version: 2.1\nName: trl\nVersion: 1.9.7\n');
  const fields = [
    'beta: float = 0.5',
    'num_generations: int = 3',
    'brand_new: int = 1',
    'loss_type: str = "dapo"',
    'save_strategy: str = "steps"',
  ];
  const text = [
    'from dataclasses import dataclass',
    '@dataclass',
    'class GRPOConfig:',
    ...fields.map((one) => `    ${one}`),
  ];
  write('site/trl/trainer/grpo_config.py', `${text.join('\n')}\n`);
  write('site/trl/scripts/__init__.py', '');
  write(
    'site/trl/scripts/grpo.py',
    'from dataclasses import dataclass\n@dataclass\nclass GRPOScriptArguments:\n    reward_funcs: list = None\n',
  );
  write(
    'site/trl/scripts/utils.py',
    'from dataclasses import dataclass\n@dataclass\nclass ScriptArguments:\n    dataset_name: str = None\n',
  );
  write(
    'site/trl/trainer/model_config.py',
    'from dataclasses import dataclass\n@dataclass\nclass ModelConfig:\n    model_name_or_path: str = None\n',
  );
  write('run.sh', 'trl grpo --brand_new 2 --scale_rewards group --num_generatoins 4\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe('what is installed', () => {
  it('judges a script: its version, its new keys, those it has no more, its defaults', async () => {
    const installed = await readInstalled(python, interpreterHere('python3'), [join(folder, 'site')]);
    const catalogues = cataloguesOf(installed);
    const own = catalogues.get('trl');
    expect([own?.version, own?.from]).toEqual(['1.9.7', 'installed']);
    const standard = own?.parameters.find(({ path }) => path === 'num_generations');
    expect(standard).toMatchObject({ default: 3, doc: expect.stringContaining('ompletions') as string });
    const read = await readSettings(join(folder, 'run.sh'), { installed: ({ id }) => catalogues.get(id) });
    expect(lint(read).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'removed-key: TRL 1.9.7 has no "scale_rewards" any more (not in the installed 1.9.7).',
      'unknown-key: TRL 1.9.7 has no "num_generatoins". Did you mean "num_generations"?',
    ]);
  });

  it('only warns of a value that another release has not: this one, or a fork, may have more', async () => {
    const catalogues = cataloguesOf(await readInstalled(python, interpreterHere('python3'), [join(folder, 'site')]));
    write('fork.sh', 'trl grpo --save_strategy of_my_fork\n');
    const path = join(folder, 'fork.sh');
    const weights = async (wish: LintWish): Promise<string[]> =>
      lint(await readSettings(path, wish)).flatMap(({ key, severity }) => (key === 'save_strategy' ? severity : []));
    expect(await weights({ installed: ({ id }) => catalogues.get(id) })).toEqual(['warning']);
    expect(await weights({})).toEqual(['error']);
  });

  it('is read on a target too, by the interpreter that its own first lines choose', async () => {
    const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)']).toString().trim();
    write('bin/python3', `#!/bin/sh\nPYTHONPATH='${join(folder, 'site')}' exec '${real}' "$@"\n`);
    chmodSync(join(folder, 'bin/python3'), 0o755);
    const setup = `PATH='${join(folder, 'bin')}':$PATH`;
    write('home/targets.json', JSON.stringify({ form: 1, targets: { farm: { setup } } }));
    const targets = new Targets({ python, home: join(folder, 'home') });
    try {
      const installed = await readInstalled(python, interpreterOf(await targets.get('farm')));
      expect(cataloguesOf(installed).get('trl')?.version).toBe('1.9.7');
    } finally {
      targets.dispose();
    }
  });

  it('is read whatever lies in the current folder', async () => {
    for (const name of ['json', 'ast', 'types', 're']) write(`shadows/${name}.py`, 'raise SystemExit("shadowed")\n');
    const runs = interpreterHere('python3', join(folder, 'shadows'));
    const installed = await readInstalled(python, runs, [join(folder, 'site')]);
    expect(cataloguesOf(installed).get('trl')?.version).toBe('1.9.7');
  });

  it('has one sentence for an interpreter that is none', async () => {
    await expect(readInstalled(python, interpreterHere('/no/such/python'))).rejects.toThrow(/choose an interpreter/);
  });
});
