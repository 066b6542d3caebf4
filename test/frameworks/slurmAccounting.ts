import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../machine/sshd';
import { until, type Accounting } from './slurm';

/** Where Debian's packages `slurmdbd` and `mariadb-server-core` are: the system, or a folder that they were unpacked into. */
const ROOT = process.env.LENS_SLURMDBD ?? '/';
const PLUGINS = 'usr/lib/x86_64-linux-gnu/slurm-wlm';
const [MARIADB, SLURMDBD] = [join(ROOT, 'usr/sbin/mariadbd'), join(ROOT, 'usr/sbin/slurmdbd')];

export const hasAccounting = existsSync(MARIADB) && existsSync(SLURMDBD);

/** A MariaDB and a slurmdbd of our own, in which ended jobs are still known when Slurm itself has forgotten them. */
export const accounting: Accounting = async (mungeSocket) => {
  const folder = mkdtempSync(join(tmpdir(), 'lens-slurmdbd-'));
  const [database, port] = [await freePort(), await freePort()];
  const children: ChildProcess[] = [];
  const env = { ...process.env, LD_LIBRARY_PATH: libraries() };
  return {
    settings: [
      'AccountingStorageType=accounting_storage/slurmdbd',
      'AccountingStorageHost=localhost',
      `AccountingStoragePort=${port}`,
      `AccountingStoragePass=${mungeSocket}`,
      'MinJobAge=2',
      '',
    ],
    start: async (slurm) => {
      makeDatabase(folder, database, env);
      const words = [`--defaults-file=${folder}/my.cnf`, '--skip-grant-tables'];
      children.push(spawn(MARIADB, words, { stdio: 'ignore', env }));
      await until(() => existsSync(join(folder, 'my.sock')), 'mariadbd');
      writeFileSync(join(folder, 'slurmdbd.conf'), settings(folder, { database, port, mungeSocket }), { mode: 0o600 });
      const dbd = { ...slurm, LD_LIBRARY_PATH: libraries(), SLURM_CONF: join(folder, 'slurmdbd.conf') };
      children.push(spawn(SLURMDBD, ['-D'], { stdio: 'ignore', env: dbd }));
      const add = (): boolean =>
        spawnSync('sacctmgr', ['-i', 'add', 'cluster', 'lens'], { env: slurm, stdio: 'ignore' }).status === 0;
      await until(add, 'slurmdbd', () => readFileSync(join(folder, 'slurmdbd.log'), 'utf8'));
    },
    stop: () => {
      for (const child of children.reverse()) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
};

function makeDatabase(folder: string, port: number, env: NodeJS.ProcessEnv): void {
  mkdirSync(join(folder, 'data/mysql'), { recursive: true });
  const share = join(ROOT, 'usr/share/mysql');
  const lines = [
    ...['[mysqld]', `datadir=${folder}/data`, `socket=${folder}/my.sock`, `pid-file=${folder}/my.pid`, `port=${port}`],
    ...['bind-address=127.0.0.1', `user=${userInfo().username}`, 'skip-log-bin', 'innodb_buffer_pool_size=32M'],
    ...[`lc-messages-dir=${share}`, `character-sets-dir=${share}/charsets`, 'innodb_log_file_size=8M', ''],
  ];
  writeFileSync(join(folder, 'my.cnf'), lines.join('\n'));
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((name) =>
    readFileSync(join(share, name), 'utf8'),
  );
  const input = ['create database if not exists mysql;\nuse mysql;', ...tables].join('\n');
  const words = [`--defaults-file=${folder}/my.cnf`, '--bootstrap', '--skip-grant-tables'];
  execFileSync(MARIADB, words, { input, env, stdio: ['pipe', 'ignore', 'ignore'] });
}

interface Ports {
  readonly database: number;
  readonly port: number;
  readonly mungeSocket: string;
}

function settings(folder: string, { database, port, mungeSocket }: Ports): string {
  return Object.entries({
    AuthType: 'auth/munge',
    AuthInfo: `socket=${mungeSocket}`,
    DbdHost: 'localhost',
    DbdPort: port,
    SlurmUser: 'root',
    LogFile: `${folder}/slurmdbd.log`,
    PidFile: `${folder}/slurmdbd.pid`,
    PluginDir: [...new Set([`/${PLUGINS}`, join(ROOT, PLUGINS)])].join(':'),
    StorageType: 'accounting_storage/mysql',
    StorageHost: '127.0.0.1',
    StoragePort: database,
    StorageUser: 'root',
    StorageLoc: 'slurm_acct_db',
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Folders of the unpacked packages' own libraries; none where they are the system's. */
function libraries(): string {
  return ROOT === '/' ? '' : [join(ROOT, 'usr/lib/x86_64-linux-gnu'), join(ROOT, 'lib/x86_64-linux-gnu')].join(':');
}
