import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE, randomWord } from '../hostile';
import { Problem } from '../../src/domain/problem';
import { installScript } from '../../src/machine/hosts/install';
import { hostProgram } from '../../src/machine/hosts/program';
import { jobFor } from '../../src/machine/hosts/schedulers';
import { sshArguments } from '../../src/machine/hosts/ssh';
import { terminalCommand } from '../../src/machine/hosts/sshLogin';
import { versionOf } from '../../src/machine/rewards/versions';
import { PYTHON } from './place';
import { thorough } from '../support/thorough';

const ROOT = join(import.meta.dirname, '../..');

/** The one list of places where a call of ours reaches a shell or starts a program, and where it is tried. */
const PLACES: Readonly<Record<string, string>> = {
  'src/machine/chores/bundle.ts': 'Python text for `python -c`: our modules as literals, never a value of the user’s',
  'src/machine/chores/recipePreview.ts': 'starts Python, arguments as a list, no shell',
  'src/machine/config/composed.ts': 'shell text that is only read by our own reader, never given to a shell',
  'src/machine/rewards/debugAdapter.ts': 'starts Python, fixed arguments as a list',
  'src/machine/hosts/here.ts': 'starts host.py, arguments as a list',
  'src/machine/hosts/ssh.ts': 'starts ssh, arguments as a list; the remote word is fixed: tried below',
  'src/machine/rewards/runner.ts': 'starts Python, arguments as a list',
  'src/machine/kernel.ts': 'starts Python for the cells of a notebook, arguments as a list',
  'src/machine/hosts/install.ts': 'shell text for `sh -s`: tried below',
  'src/machine/config/installed.ts': 'an argument vector, no shell',
  'src/machine/runs/script.ts': 'shell text of a run: tried in runs.test.ts',
  'src/machine/quote.ts': 'makes shell text: tried in quote.test.ts',
  'src/machine/rewards/versions.ts':
    'asks git for a file of a commit, arguments as a list behind --end-of-options: tried below',
  'src/editor/runs/hosts.ts': 'a terminal that runs sshLogin’s words, as a list: tried below',
  'python/grpo_lens/onhost/detach.py': 'our own program, systemd-run, tmux: the words for tmux are tried below',
  'python/grpo_lens/onhost/order.py': 'shell text of a job: its words are tried below',
  'python/grpo_lens/onhost/watch.py': 'starts the script of a run, arguments as a list',
  'python/grpo_lens/onhost/beside.py': 'nvidia-smi, fixed arguments as a list',
  'python/grpo_lens/onhost/machine.py':
    'the Python that a training would find, arguments as a list; `setup` is the user’s own shell line',
  'python/grpo_lens/onhost/files.py': 'git, nvidia-smi, tmux and the like, arguments as a list',
  'python/grpo_lens/onhost/slurm.py': 'Slurm’s programs, arguments as a list; the header of a job: tried below',
  'python/grpo_lens/onhost/ray.py': 'shell text for Ray’s job server, by the same quoting: tried below',
  'python/grpo_lens/environment.py': 'pip, arguments as a list',
  'python/grpo_lens/copy_model.py': 'programs of a copy, arguments as a list',
  'python/grpo_lens/pipeline.py': 'the steps of a chore, arguments as a list',
};
const REACHES = {
  ts: /\bspawn(Sync)?\(|\bexecFile\b|\bexecSync\(|\bexec\(|\bfork\(|execa|quote(All|Folder|Variable)?\(|shell: true|createTerminal\(|ShellExecution|sendText\(/,
  py: /\bsubprocess\.(run|Popen|call|check_\w+)\(|\bos\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*)\(|\bpty\.|create_subprocess|\bquoted\(|shell=True/,
};

describe('the list', () => {
  const files = (folder: string, ends: RegExp): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => ends.test(name))
      .map((name) => `${folder}/${name}`);
  const all = [...files('src', /\.ts$/), ...files('webviews', /\.tsx?$/), ...files('python', /\.py$/)];

  it('holds every place that reaches a shell or starts a program', () => {
    const found = all.filter((name) => REACHES[name.endsWith('.py') ? 'py' : 'ts'].test(code(name)));
    expect(found.sort()).toEqual(Object.keys(PLACES).sort());
  });

  it('holds nobody who gives a whole line to a shell', () => {
    for (const name of Object.keys(PLACES))
      expect(code(name), name).not.toMatch(/shell: true|execSync\(|shell=True|os\.system/);
  });
});

/** Without comments and regular expressions' `exec`. */
function code(name: string): string {
  const text = readFileSync(join(ROOT, name), 'utf8');
  if (name.endsWith('.py')) return text.replace(/"""[^]*?"""|#.*/g, '');
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/\.exec\(/g, '');
}

describe('nothing executes, whatever the value is', () => {
  let folder: string;
  const VALUES = [...HOSTILE, ...Array.from({ length: 300 }, (_, seed) => randomWord(seed))];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lens-shells-'));
  });
  afterAll(() => {
    expect(readdirSync(folder, { recursive: true }).filter((name) => /(^|\/)PWNED/.test(String(name)))).toEqual([]);
    expect(existsSync('/tmp/PWNED')).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  });

  it('the host of ssh is refused, or one argument behind --', async () => {
    for (const host of VALUES) {
      try {
        expect(sshArguments({ host }).slice(-3)).toEqual(['--', host, 'sh -s']);
        expect(host).not.toMatch(/^-|\s|^$/);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
      const { args } = await terminalCommand(host, {});
      expect(args.slice(args.indexOf('--'), -1)).toEqual(['--', host]);
    }
  });

  it('the text for a host’s shell holds its Python and its home as values', () => {
    const lines = VALUES.flatMap((value) => [
      installScript({ sentinel: 'x', program: hostProgram(PYTHON), python: `/none${value}`, home: undefined }),
      installScript({ sentinel: 'x', program: hostProgram(PYTHON), python: '/none', home: value }),
    ]);
    const done = spawnSync('sh', ['-s'], { input: lines.join(''), cwd: folder, maxBuffer: 1 << 26 });
    expect(done.stderr.toString()).toBe('');
    expect(done.stdout.toString().match(/^x python$/gm)).toHaveLength(lines.length);
  });

  it('a commit is a word for git', async () => {
    const file = join(folder, 'rewards.py');
    writeFileSync(file, 'x = 1\n');
    execFileSync('git', ['-C', folder, 'init', '-q']);
    // Each is a process of git's.
    const values = HOSTILE.filter((_, at) => thorough || at % 5 === 0);
    for (let from = 0; from < values.length; from += 20)
      await Promise.all(
        values.slice(from, from + 20).map(async (value) => {
          const seen = await versionOf(file, value).catch((error: unknown) => error);
          if (!(seen instanceof Problem)) expect(seen).toMatchObject({ source: expect.any(String) });
        }),
      );
  });

  it('an option of a job is refused, or one line of its header', () => {
    const asked = VALUES.flatMap((value) => [
      { partition: value },
      { gpus: value },
      { time: value },
      { more: [`--x=${value}`] },
      { more: [value] },
    ]);
    const headers = asked.flatMap((resources) => {
      try {
        const job = jobFor({ scheduler: { name: 'slurm' } }, resources);
        return job?.name === 'slurm' ? job.header : [];
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return [];
      }
    });
    expect(headers.length).toBeGreaterThan(0);
    for (const line of headers) expect(line).toMatch(/^#SBATCH --[a-z-]+(=[^\s'"\\#]+)?$/);
  });

  it('the host’s own quoting gives every word back, and its jobs take no other header', () => {
    const values = VALUES.map((value) => value.replaceAll('\0', ''));
    const program = `
import json, subprocess, sys
from onhost import Refused, detach, ray, slurm
values = json.load(sys.stdin)
for quoted in (detach.quoted, ray.quoted):
    line = "for w in " + " ".join(quoted(value) for value in values) + "; do printf '%s\\\\0' \\"$w\\"; done"
    with open("line.sh", "w") as file: file.write(line)
    done = subprocess.run(["sh", "line.sh"], capture_output=True)
    assert done.stdout.decode().split("\\0")[:-1] == values and not done.stderr, done.stderr
for value in values:
    try: text = slurm.script({"header": ["#SBATCH --partition=" + value]}, "true")
    except Refused: continue
    assert text.count("\\n") == 3, text
print("whole")`;
    writeFileSync(join(folder, 'try.py'), program);
    const env = {
      ...process.env,
      PYTHONPATH: join(PYTHON, 'grpo_lens'),
      PYTHONIOENCODING: 'utf8',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const done = spawnSync('python3', ['try.py'], { cwd: folder, env, input: JSON.stringify(values) });
    expect([done.stdout.toString(), done.stderr.toString()]).toEqual(['whole\n', '']);
  });

  it('a home with such a name is a home: tmux, the run and its log are there', async () => {
    const { makePlace, until, wholeLog, wishOf } = await import('./place');
    const place = makePlace({ here: { detach: 'tmux', home: join(folder, `a '$(touch PWNED)" b;\`touch PWNED\`%j`) } });
    chmodSync(folder, 0o700);
    const runs = place.runs();
    const { run } = await runs.launch(wishOf('echo in', { cwd: folder }));
    expect(await wholeLog(runs, await until(runs, run.id, 'succeeded'))).toBe('in\n');
    runs.dispose();
    place.remove();
  });
});
