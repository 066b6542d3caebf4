import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../machine/sshd';

/** A whole Slurm of our own on this machine: munged, slurmctld and one slurmd with two GPUs that are none. */
export interface Slurm {
  /** What its programs need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one of its programs and gives what it printed. */
  ask(program: string, ...args: readonly string[]): string;
  stop(): void;
}

/** A database of ended jobs beside it: lines of slurm.conf, and what is started before Slurm itself. */
export type Accounting = (mungeSocket: string) => Promise<{
  readonly settings: readonly string[];
  start(env: NodeJS.ProcessEnv): Promise<void>;
  stop(): void;
}>;

/** Needs root, as slurmd and munged do, and Debian's packages `slurm-wlm` and `munge`; throws where they are missing. */
export async function startSlurm(accounting?: Accounting): Promise<Slurm> {
  const folder = mkdtempSync(join(tmpdir(), 'lens-slurm-'));
  chmodSync(folder, 0o755);
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'munge.key'), 'a key of a test, known to everyone. '.repeat(8), { mode: 0o600 });
  const host = hostname().split('.')[0] ?? 'localhost';
  const settings = slurmSettings(folder, host, [await freePort(), await freePort()]);
  const accounted = await accounting?.(join(folder, 'munge.sock'));
  writeFileSync(join(folder, 'slurm.conf'), [settings, ...(accounted?.settings ?? [])].join('\n'));
  writeFileSync(join(folder, 'gres.conf'), `NodeName=${host} Name=gpu File=/dev/tty[0-1]\n`);
  // No plugin for cgroups is asked to do anything; one must be named where there is no systemd.
  writeFileSync(join(folder, 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  const env = { SLURM_CONF: join(folder, 'slurm.conf') };
  const started = [spawn('/usr/sbin/munged', ['--foreground', '--force', ...mungeFiles(folder)], { stdio: 'ignore' })];
  await until(() => existsSync(join(folder, 'munge.sock')), 'munged');
  await accounted?.start({ ...process.env, ...env });
  for (const [program, args] of [
    ['slurmctld', ['-D']],
    ['slurmd', ['-D', '-N', host]],
  ] as const)
    started.push(spawn(`/usr/sbin/${program}`, args, { stdio: 'ignore', env: { ...process.env, ...env } }));
  const ask: Slurm['ask'] = (program, ...args) =>
    execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env }, stdio: 'pipe' });
  const idle = (): boolean => {
    try {
      return ask('sinfo', '-h', '-o', '%T').includes('idle');
    } catch (error) {
      if ((error as { status?: number }).status === undefined) throw error;
      return false;
    }
  };
  await until(idle, 'slurmd', () => readFileSync(join(folder, 'ctld.log'), 'utf8'));
  return {
    env,
    ask,
    stop: () => {
      for (const child of started.reverse()) child.kill('SIGTERM');
      accounted?.stop();
      setTimeout(() => rmSync(folder, { recursive: true, force: true }), 1000);
    },
  };
}

function mungeFiles(folder: string): string[] {
  const files = { 'key-file': 'munge.key', socket: 'munge.sock', 'pid-file': 'munged.pid', 'seed-file': 'seed' };
  return Object.entries({ ...files, 'log-file': 'munged.log' }).map(
    ([name, file]) => `--${name}=${join(folder, file)}`,
  );
}

function slurmSettings(folder: string, host: string, [control, node]: readonly [number, number]): string {
  const settings = {
    ClusterName: 'lens',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: control,
    SlurmdPort: node,
    SlurmUser: 'root',
    AuthType: 'auth/munge',
    CredType: 'cred/munge',
    AuthInfo: `socket=${folder}/munge.sock`,
    StateSaveLocation: `${folder}/state`,
    SlurmdSpoolDir: `${folder}/spool`,
    SlurmctldPidFile: `${folder}/ctld.pid`,
    SlurmdPidFile: `${folder}/slurmd.pid`,
    SlurmctldLogFile: `${folder}/ctld.log`,
    SlurmdLogFile: `${folder}/slurmd.log`,
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SlurmdParameters: 'config_overrides',
    MpiDefault: 'none',
    SchedulerParameters: 'batch_sched_delay=0,sched_interval=1,sched_min_interval=0',
    KillWait: 2,
    PreemptType: 'preempt/partition_prio',
    PreemptMode: 'CANCEL',
    GresTypes: 'gpu',
  };
  return [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=1000 Gres=gpu:2 State=UNKNOWN`,
    `PartitionName=normal Nodes=${host} Default=YES PriorityTier=1`,
    `PartitionName=urgent Nodes=${host} PriorityTier=10`,
    '',
  ].join('\n');
}

export async function until(done: () => boolean, what: string, why = (): string => ''): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come up: ${why()}`);
}
