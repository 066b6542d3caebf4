import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * A real sshd of our own on 127.0.0.1, with its own port, keys, settings and home folder; nothing of the user's is touched,
 * nor do their shells' rc files run.
 */
export interface Sshd {
  readonly port: number;
  readonly folder: string;
  /** A settings file for `ssh -F` that knows the host `lens`. */
  readonly config: string;
  /** The same with other lines for the host, such as another port. */
  configFor(lines: Readonly<Record<string, string>>, more?: string): string;
  readonly process: ChildProcess;
  /** Starts it once more at the same port, with the same keys. */
  again(): Promise<Sshd>;
  stop(): void;
}

/** Where a server is let in: words before its program, its address there, and whether logins are PAM's. */
export interface Within {
  readonly enter: readonly string[];
  readonly address: string;
  readonly pam?: boolean;
}

/** `more`: further lines of its settings. */
export async function startSshd(
  environment: Readonly<Record<string, string>> = {},
  more = '',
  within?: Within,
): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'lens-sshd-'));
  chmodSync(folder, 0o700);
  const port = await freePort();
  for (const name of ['host_key', 'user_key'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(join(folder, 'user_key.pub')), { mode: 0o600 });
  mkdirSync('/run/sshd', { recursive: true });
  writeFileSync(join(folder, 'sshd_config'), `${settings(folder, port, { environment, within })}${more}\n`);
  return serve(folder, port, within);
}

async function serve(folder: string, port: number, within?: Within): Promise<Sshd> {
  const words = [...(within?.enter ?? []), '/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  const child = spawn(words[0] ?? '', words.slice(1), { stdio: 'ignore' });
  await answers(port, within);
  const configFor: Sshd['configFor'] = (lines, more = '') => configFile(folder, { Port: `${port}`, ...lines }, more);
  return {
    port,
    folder,
    config: configFor({}),
    configFor,
    process: child,
    again: () => serve(folder, port, within),
    stop: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Wanted {
  readonly environment: Readonly<Record<string, string>>;
  readonly within: Within | undefined;
}

function settings(folder: string, port: number, { environment, within }: Wanted): string {
  const set = Object.entries({ HOME: folder, ...environment }).map(([name, value]) => `${name}=${value}`);
  return [
    `Port ${port}`,
    `ListenAddress ${within?.address ?? '127.0.0.1'}`,
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/pid`,
    // A session whose client is behind a pulled cable ends by itself.
    'ClientAliveInterval 10',
    'ClientAliveCountMax 2',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    `UsePAM ${within?.pam ? 'yes' : 'no'}`,
    ...(set.length === 0 ? [] : [`SetEnv ${set.join(' ')}`]),
    '',
  ].join('\n');
}

let configs = 0;

function configFile(folder: string, lines: Readonly<Record<string, string>>, more: string): string {
  const known = join(folder, 'known_hosts');
  const key = readFileSync(join(folder, 'host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(known, `lens ${key}\n`);
  const all = {
    HostName: '127.0.0.1',
    HostKeyAlias: 'lens',
    User: userInfo().username,
    IdentityFile: join(folder, 'user_key'),
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: known,
    GlobalKnownHostsFile: '/dev/null',
    ...lines,
  };
  const file = join(folder, `ssh_config_${configs++}`);
  writeFileSync(
    file,
    ['Host lens', ...Object.entries(all).map(([key, value]) => `  ${key} ${value}`), more, ''].join('\n'),
  );
  return file;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(port: number, within?: Within): Promise<void> {
  const words = [...(within?.enter ?? []), 'bash', '-c', `exec 3<>/dev/tcp/${within?.address ?? '127.0.0.1'}/${port}`];
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const probe = spawn(words[0] ?? '', words.slice(1), { stdio: 'ignore' });
      probe.on('close', (code) => resolve(code === 0));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer at port ${port}`);
}
