import { expect, it } from 'vitest';
import { launchCell, shellLaunch } from '../../src/domain/runs/notebookLaunch';

function check(language: string, text: string, expected: unknown): void {
  expect(launchCell(language, text), text).toEqual(expected);
}

const bash = (text: string, more: object = {}): object => ({
  target: 'here',
  command: ['bash', '-c', text],
  env: {},
  ...more,
});

it('a shell cell is its own command', () => {
  check('shellscript', '%%launch\npython train.py \\\n  --lr 1', bash('python train.py \\\n  --lr 1'));
  check('python', '\n%%launch --target h200 --name "my run"\ntrain', bash('train', { target: 'h200', name: 'my run' }));
  check('shellscript', '# %%launch --outputs out/1\ntrain', bash('train', { outputs: 'out/1' }));
});

it('lines of a text that was written on Windows end as a shell wants them', () => {
  check('shellscript', '%%launch --name a\r\ntrain \\\r\n  --lr 1\r\n', bash('train \\\n  --lr 1\n', { name: 'a' }));
  expect(shellLaunch('echo a\r\necho b\r\n').command).toEqual(['bash', '-c', 'echo a\necho b\n']);
});

it('secrets leave the text, everything else stays as it is', () => {
  const env = { WANDB_API_KEY: '0123456789abcdef', HF_TOKEN: 'hf_x1y2z3x1y2z3x1y2z3x1y2' };
  check(
    'shellscript',
    `%%launch\nexport HF_TOKEN="${env.HF_TOKEN}"\nNPROC=8 WANDB_API_KEY=${env.WANDB_API_KEY} python train.py --lr=1`,
    bash('export HF_TOKEN\nNPROC=8  python train.py --lr=1', { env }),
  );
  check('shellscript', '%%launch\nA=$B python x', bash('A=$B python x'));
  check('shellscript', '%%launch\nHF_TOKEN=$TOKEN python x', bash('HF_TOKEN=$TOKEN python x'));
});

it('a YAML cell names the command that reads it', () => {
  check('yaml', '# %%launch train --config {file}\nlr: 1\n', {
    target: 'here',
    command: ['train', '--config', '{file}'],
    env: {},
    file: 'lr: 1\n',
  });
  check('yaml', '# %%launch\nlr: 1', {
    wrong: 'A YAML cell needs the command that reads it: # %%launch COMMAND --config {file}',
  });
  check('yaml', '# %%launch --target far train {file}\nlr: 1', {
    wrong: 'A YAML cell becomes a file on this machine, so it cannot start on far.',
  });
});

it('other cells are none of it, and what cannot be carried out is said', () => {
  check('python', 'x = 1\n%%launch', undefined);
  check('shellscript', 'echo %%launch', undefined);
  check('yaml', 'lr: 1', undefined);
  check('shellscript', '%%launch\n\n', { wrong: 'There is no command below %%launch.' });
  check('shellscript', '%%launch --target', { wrong: '--target needs a value behind it.' });
  check('shellscript', '%%launch python x.py', {
    wrong: '%%launch knows --target, --name and --outputs, and not python.',
  });
});
