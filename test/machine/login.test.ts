import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { configuredHosts, terminalCommand } from '../../src/machine/hosts/sshLogin';
import { makePlace } from './place';
import { startSshd } from './sshd';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'lens-login-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Until the test ends: other files run in this process after it. */
function ownHome(home: string): void {
  const before = process.env.GRPO_LENS_HOME;
  process.env.GRPO_LENS_HOME = home;
  onTestFinished(() => {
    if (before === undefined) delete process.env.GRPO_LENS_HOME;
    else process.env.GRPO_LENS_HOME = before;
  });
}

it('a host that refuses us is used through a login that was made in a terminal', async () => {
  const home = folder();
  ownHome(home);
  const sshd = await startSshd({ GRPO_LENS_HOME: join(home, 'far') });
  const place = makePlace({ far: { ssh: 'lens' } });
  // Without its key the host wants something that only a person can type; the terminal has the key in the person's stead.
  const refused = sshd.configFor({ IdentityFile: '/dev/null', IdentityAgent: 'none' });
  const runs = place.runs({ sshConfig: refused });
  onTestFinished(() => {
    runs.dispose();
    sshd.stop();
    place.remove();
  });
  const [refusal] = (await runs.list('far')).problems;
  expect(refusal?.problem).toMatchObject({ code: 'ssh', remedy: 'log-in' });

  const { program, args } = await terminalCommand('lens', { config: sshd.config });
  const terminal = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void terminal.kill());
  await new Promise<void>((resolve) =>
    terminal.stdout.on('data', (said) => /Logged in/.test(String(said)) && resolve()),
  );
  expect(await runs.list('far')).toEqual({ runs: [], problems: [] });
});

it('on Windows no login is shared, since its ssh cannot', async () => {
  ownHome(folder());
  const { args } = await terminalCommand('lens', {}, 'win32');
  expect(args.join(' ')).not.toMatch(/Control/);
});

it('hosts are read from the user’s settings, with what these include, and without patterns', async () => {
  const made = folder();
  mkdirSync(join(made, 'more'));
  writeFileSync(
    join(made, 'config'),
    'Include more/* "with space/lab"\r\nHost gpu H200 *.lab !not\n  HostName 10.0.0.1\nhost="quoted"\nMatch all\n',
  );
  writeFileSync(join(made, 'more/lab'), 'Host lab-1\nInclude own/deep config\n');
  mkdirSync(join(made, 'own'));
  writeFileSync(join(made, 'own/deep'), 'Host lab-3\n');
  mkdirSync(join(made, 'with space'));
  writeFileSync(join(made, 'with space/lab'), 'Host lab-2\r\n');
  expect(await configuredHosts(join(made, 'config'))).toEqual(['lab-1', 'lab-3', 'lab-2', 'gpu', 'H200', 'quoted']);
  expect(await configuredHosts(join(made, 'none'))).toEqual([]);
});
