import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Within } from './sshd';

/**
 * A machine of our own that systemd has booted, with logind, user managers and PAM, in namespaces and a cgroup of its own,
 * over this one's files: whatever it writes goes into memory. It shares this machine's network.
 */
export interface Booted {
  /** Where an sshd is let in: a service of it, so that its sessions are logind's. */
  readonly within: Within;
  /** The user that lives there, a home folder and nothing else to its name. */
  readonly user: { readonly name: string; readonly home: string };
  /** Runs a program there as root; gives what it said. */
  run(...words: readonly string[]): string;
  /** Pulls the plug. */
  remove(): void;
}

const USER = 'lens';
const UNIFIED = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'];

/** Sets the stage and becomes systemd: only what logins need is started, nothing that belongs to the real machine (clock, devices). */
const BOOT = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/up" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/root"
cd "$1/root"
mount --rbind "$2" ".$2"
mount -t proc proc proc
mount -o bind,ro proc/sys proc/sys
for made in run dev sys; do mount -t tmpfs tmpfs $made; done
for one in null zero full random urandom tty; do touch dev/$one; mount --bind /dev/$one dev/$one; done
mkdir -p dev/pts dev/shm sys/fs/cgroup run/sshd old
mount -t devpts devpts dev/pts -o newinstance,ptmxmode=0666
ln -s pts/ptmx dev/ptmx
mount -t cgroup2 cgroup2 sys/fs/cgroup
useradd --root "$PWD" -m -s /bin/sh ${USER}
rm -rf usr/lib/systemd/system/sysinit.target.wants etc/systemd/system/*.wants
mkdir -p etc/systemd/logind.conf.d
printf '[Login]\\nKillUserProcesses=yes\\n' > etc/systemd/logind.conf.d/lens.conf
printf '[Unit]\\nDefaultDependencies=no\\nRequires=dbus.service systemd-logind.service\\nWants=systemd-user-sessions.service\\n' > etc/systemd/system/lens.target
pivot_root . old
umount -l old
exec env -i container=lens PATH=/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 /lib/systemd/systemd --unit=lens.target --log-target=null --show-status=false
`;

/** Needs root, and systemd among this machine's programs. It ends a user's processes when they log out (`KillUserProcesses=yes`). */
export async function boot(): Promise<Booted> {
  const folder = mkdtempSync(join(tmpdir(), 'lens-booted-'));
  const cgroup = join(UNIFIED.find((path) => existsSync(join(path, 'cgroup.procs'))) ?? '', `lens-${process.pid}`);
  mkdirSync(cgroup);
  // The user there reads keys out of folders of ours.
  for (let path = folder; path !== '/tmp' && path !== '/'; path = dirname(path)) chmodSync(path, 0o755);
  const script = join(folder, 'boot.sh');
  writeFileSync(script, BOOT);
  mkdirSync(join(folder, 'stage'));
  const apart = 'unshare --mount --pid --uts --ipc --cgroup --fork --kill-child sh "$2" "$3" "$4"';
  const line = `echo $$ > "$1/cgroup.procs"; exec ${apart}`;
  const child = spawn('sh', ['-c', line, 'sh', cgroup, script, join(folder, 'stage'), tmpdir()], { stdio: 'inherit' });
  const enter = await entered(child.pid ?? 0);
  const run: Booted['run'] = (...words) => said([...enter, ...words]);
  for (let tries = 0; tries < 100 && run('systemctl', 'is-active', 'lens.target').trim() !== 'active'; tries++)
    await pause(100);
  const service = ['systemd-run', '--quiet', '--wait', '--collect', '--property=KillMode=process', '--'];
  return {
    within: { enter: [...enter, ...service], address: '127.0.0.1', pam: true },
    user: { name: USER, home: `/home/${USER}` },
    run,
    remove: () => {
      writeFileSync(join(cgroup, 'cgroup.kill'), '1');
      child.kill('SIGKILL');
      for (let tries = 0; tries < 50 && !removed(cgroup); tries++) spawnSync('sleep', ['0.1']);
    },
  };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const said = ([program = '', ...args]: readonly string[]): string =>
  spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 }).stdout;

/** Words before a program that run it there: beside the first process of the new machine, once that is systemd. */
async function entered(outside: number): Promise<string[]> {
  for (let tries = 0; tries < 100; tries++) {
    const inside = said(['pgrep', '-P', `${outside}`]).trim();
    if (inside !== '' && said(['ps', '-o', 'comm=', '-p', inside]).trim() === 'systemd')
      return ['nsenter', '-t', inside, '-m', '-p', '-u', '-i', '-C'];
    await pause(50);
  }
  throw new Error('systemd did not come up');
}

function removed(cgroup: string): boolean {
  const inner = said(['find', cgroup, '-mindepth', '1', '-depth', '-type', 'd']).split('\n').filter(Boolean);
  try {
    for (const folder of [...inner, cgroup]) rmdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}

/** Whether this machine can boot one; where it cannot it says so aloud. */
export function mayBoot(): boolean {
  const lacks = [
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...(existsSync('/lib/systemd/systemd') ? [] : ['systemd']),
    ...(UNIFIED.some((path) => existsSync(join(path, 'cgroup.procs'))) ? [] : ['cgroups of version 2']),
    ...(spawnSync('unshare', ['--mount', '--pid', '--cgroup', '--fork', 'true']).status === 0 ? [] : ['namespaces']),
  ];
  if (lacks.length > 0) console.warn(`LEFT OUT: no systemd can be booted here (lacks ${lacks.join(', ')}).`);
  return lacks.length === 0;
}
