import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { startSshd } from '../../machine/sshd';
import { until } from './texts';

/** Another host: a real sshd of our own, which this window's ssh settings know as `lens`, and which is the target `far`. */
export interface FarHost {
  /** A folder there with rewards, in which trainings run. */
  readonly work: string;
  /** From now on it is the target `locked` too, by a key with a passphrase. */
  lock(passphrase: string): Promise<void>;
  /** Ends a login that a terminal has made. */
  logOut(): void;
  remove(): Promise<void>;
}

/** On that host `trl` is our tiny trainer. */
export async function farHost(): Promise<FarHost> {
  const far = mkdtempSync(join(tmpdir(), 'lens-far-'));
  const [work, bin] = [join(far, 'work'), join(far, 'bin')];
  for (const folder of [work, bin]) mkdirSync(folder);
  const { GRPO_LENS_ROOT: root = '', GRPO_LENS_HOME: home = '' } = process.env;
  mkdirSync(home, { recursive: true });
  copyFileSync(join(root, 'examples/tiny-count/rewards.py'), join(work, 'rewards.py'));
  const tiny = `exec python3 '${root}/python/grpo_lens/tiny' --reward rewards.py:accuracy_reward --num_generations 8`;
  writeFileSync(
    join(bin, 'trl'),
    `#!/bin/sh\ntest -f "$3" && ${tiny} --max_steps 4 --seconds_per_step 0.05 --output_dir out\n`,
  );
  chmodSync(join(bin, 'trl'), 0o700);
  const sshd = await startSshd({ GRPO_LENS_HOME: far });
  const targets = (more: object): void => {
    const setup = `export PATH='${bin}':$PATH`;
    const known = { here: { setup }, far: { ssh: 'lens', detach: 'setsid', setup }, ...more };
    writeFileSync(join(home, 'targets.json'), JSON.stringify({ form: 1, targets: known }));
  };
  targets({});
  await useConfig(sshd.config);
  return {
    work,
    lock: async (passphrase) => {
      const key = join(sshd.folder, 'locked_key');
      copyFileSync(join(sshd.folder, 'user_key'), key);
      chmodSync(key, 0o600);
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', key]);
      const locked = readFileSync(sshd.configFor({ IdentityFile: key, IdentityAgent: 'none' }), 'utf8');
      await useConfig(sshd.configFor({}, locked.replace('Host lens', 'Host locked')));
      targets({ locked: { ssh: 'locked' } });
    },
    logOut: () => {
      for (const socket of readdirSync(join(home, 'ssh')))
        execFileSync('ssh', ['-o', `ControlPath=${join(home, 'ssh', socket)}`, '-O', 'exit', 'locked'], {
          stdio: 'ignore',
        });
    },
    remove: async () => {
      rmSync(join(home, 'targets.json'));
      await useConfig(undefined);
      await vscode.commands.executeCommand('grpoLens.refreshRuns');
      sshd.stop();
      rmSync(far, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** As if the user had told Remote-SSH which settings file of ssh is theirs. */
async function useConfig(config: string | undefined): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  // Without the graphics card a terminal is drawn as text that can be read.
  const settings =
    config === undefined ? {} : { 'remote.SSH.configFile': config, 'terminal.integrated.gpuAcceleration': 'off' };
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify(settings));
  const ask = (): Promise<string | undefined> =>
    Promise.resolve(vscode.workspace.getConfiguration('remote.SSH').get<string>('configFile'));
  await until({ what: 'the setting', ask, enough: (now) => now === config });
}
