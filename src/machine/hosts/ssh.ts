import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Problem } from '../../domain/problem';
import { keepErrors, pipeOver, type Child } from './pipe';
import type { Program } from './program';
import { installScript } from './install';
import type { Pipe, Shell } from '../shell';
import { joining } from './sshLogin';
import { sshProblem } from './sshProblem';

/** How the user's own OpenSSH is called. */
export interface SshOptions {
  /** The host as the user's ssh settings name it. */
  readonly host: string;
  /** `ssh` of the PATH where it is not set. */
  readonly path?: string;
  /** Passed as `-F` only where it is set, so that the system's settings stay in force. */
  readonly config?: string;
  /** Python on the host; the first of the usual names that is 3.9 or newer where it is not set. */
  readonly python?: string;
  /** Sets `GRPO_LENS_HOME` on the host. */
  readonly home?: string;
}

/** Seconds until a connection that says nothing is given up. */
const PATIENCE = 30;

/** A host over the user's own ssh: one connection, `host.py` copied there once and named by its hash. */
export function ssh(program: Program, options: SshOptions): Shell {
  return { name: options.host, open: () => connect(program, options) };
}

/** Arguments of ssh. BatchMode makes it fail where it would ask; we join a shared connection but never become its master. */
export function sshArguments({ host, config }: SshOptions, platform: NodeJS.Platform = process.platform): string[] {
  if (host === '' || host.startsWith('-') || /[\s\0]/.test(host))
    throw new Problem({ code: 'bad-input', message: `"${host}" is no name of an ssh host.`, remedy: 'edit-target' });
  const settings = [
    'BatchMode=yes',
    'ConnectTimeout=10',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=3',
    'ControlMaster=no',
  ];
  if (platform === 'win32') settings.push('ControlPath=none');
  else settings.push(...joining(host, platform));
  return [
    ...(config === undefined ? [] : ['-F', config]),
    '-T',
    ...settings.flatMap((set) => ['-o', set]),
    '--',
    host,
    'sh -s',
  ];
}

/** The program to start. A batch file of Windows goes through a shell, whose quoting no list of arguments survives. */
export function sshProgram(path = 'ssh', platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32' || !/\.(bat|cmd)$/i.test(path)) return path;
  const message = `${path} is a batch file, which cannot be given arguments safely: name the ssh.exe that it calls in remote.SSH.path.`;
  throw new Problem({ code: 'ssh', message, remedy: 'edit-target' });
}

async function connect(program: Program, options: SshOptions): Promise<Pipe> {
  const child = spawn(sshProgram(options.path), sshArguments(options), { stdio: ['pipe', 'pipe', 'pipe'] });
  const errors = keepErrors(child);
  const why = (): Problem => sshProblem(options.host, errors());
  child.stdin.on('error', () => child.kill());
  const sentinel = `grpo-lens-${randomBytes(8).toString('hex')}`;
  child.stdin.write(installScript({ sentinel, program, python: options.python, home: options.home }));
  try {
    const word = await said(child, sentinel, why);
    if (word === 'python') throw noPython(options);
    if (word === 'need') child.stdin.write(program.text);
  } catch (error) {
    child.kill();
    throw error;
  }
  return pipeOver(child, why);
}

/** The word behind the sentinel. Whatever the host's rc files print before it is thrown away. */
function said(child: Child, sentinel: string, why: () => Problem): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(silent(why())), PATIENCE * 1000);
    const read = (chunk: Buffer): void => {
      text = (text + chunk.toString('latin1')).slice(-65_536);
      const match = new RegExp(`${sentinel} (\\w+)\\r?\\n`).exec(text);
      if (!match) return;
      clearTimeout(timer);
      child.stdout.off('data', read);
      resolve(match[1] ?? '');
    };
    child.stdout.on('data', read);
    const fail = (problem: Problem): void => {
      clearTimeout(timer);
      reject(problem);
    };
    child.once('error', (error) => fail(sshProblem('', error.message)));
    child.once('close', () => fail(why()));
  });
}

function noPython({ host, python }: SshOptions): Problem {
  const which = python === undefined ? 'python3' : `"${python}"`;
  const message = `${host} has no Python 3.9 or newer (${which}): name one in the target's settings.`;
  return new Problem({ code: 'no-python', message, remedy: 'edit-target' });
}

function silent({ detail }: Problem): Problem {
  const message = `The host said nothing for ${PATIENCE} s after the connection was made.`;
  return new Problem({ code: 'timeout', message, ...(detail === undefined ? {} : { detail }), remedy: 'retry' });
}
