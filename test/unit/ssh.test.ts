import { expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem';
import { sshArguments, sshProgram } from '../../src/machine/hosts/ssh';
import { sshProblem } from '../../src/machine/hosts/sshProblem';

it('fails where it would ask, and leaves the rest to the user’s settings', () => {
  expect(sshArguments({ host: 'gpu' }, 'linux').join(' ')).toBe(
    '-T -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 -o ServerAliveCountMax=3 -o ControlMaster=no -- gpu sh -s',
  );
  expect(sshArguments({ host: 'gpu', config: '/c' }, 'darwin').slice(0, 2)).toEqual(['-F', '/c']);
});

it('shares no connection on Windows, where that aborts ssh', () => {
  expect(sshArguments({ host: 'gpu' }, 'win32')).toContain('ControlPath=none');
});

it('starts the ssh of the user’s settings as it stands, but no batch file', () => {
  const exe = 'C:\\Program Files\\OpenSSH\\ssh.exe';
  expect([sshProgram(undefined, 'win32'), sshProgram(exe, 'win32')]).toEqual(['ssh', exe]);
  expect(sshProgram('/usr/local/bin/ssh.cmd', 'linux')).toBe('/usr/local/bin/ssh.cmd');
  expect(() => sshProgram('C:\\tools\\ssh.BAT', 'win32')).toThrow(/batch file.*ssh\.exe/);
});

it.each(['', '-oProxyCommand=touch PWNED', 'a b', 'a\nb'])('refuses the host %j', (host) => {
  expect(() => sshArguments({ host })).toThrow(Problem);
});

it.each([
  ['ssh: Could not resolve hostname gpu: Name or service not known', /The name gpu was not found/],
  ['Host key verification failed.', /not known yet/],
  ['@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@\nHost key verification failed.', /not the one it had/],
  ['root@gpu: Permission denied (publickey,password).', /refused the login/],
  ['ssh: connect to host gpu port 22: Connection timed out', /did not answer in time/],
  ['ssh: connect to host gpu port 22: Connection refused', /no ssh server/],
  ['Received disconnect: Too many authentication failures', /too many keys/],
  ['client_loop: send disconnect: Broken pipe', /was cut/],
  ['Timeout, server gpu not responding.', /was cut/],
  ['spawn ssh ENOENT', /no ssh program/],
  ['something new', /The connection to gpu has ended/],
])('says plainly: %s', (stderr, message) => {
  const { code, detail, message: said } = sshProblem('gpu', stderr);
  expect([code, detail, said]).toEqual(['ssh', stderr, expect.stringMatching(message)]);
});
