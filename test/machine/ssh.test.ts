import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem';
import { makePlace, pause, PYTHON, until, wishOf, type Place } from './place';
import { makeFarPlace, type FarPlace } from './farPlace';
import { bundled, killTree, started } from './process';
import { startSshd, type Sshd } from './sshd';

let sshd: Sshd;
let place: Place;
let all: FarPlace;
let far: string;

beforeAll(async () => {
  all = await makeFarPlace();
  ({ sshd, place, far } = all);
});

afterAll(() => all.remove());

const LINES = 400;
/** Its end waits for a file. */
const script = (go: string): string =>
  `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); printf 'line %s é\\r…\\n' $i; sleep 0.005; done; until [ -e ${go} ]; do sleep 0.1; done; printf 'no newline'`;
const WHOLE = `${Array.from({ length: LINES }, (_, at) => `line ${at + 1} é\r…\n`).join('')}no newline`;
const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

it('outlives its launcher and its connection, and is followed to its end by another process: byte for byte', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lens-slice-'));
  const go = join(folder, 'go');
  const [id, wish] = [basename(folder), wishOf(script(go), { target: 'far' })];
  const order = { options: { python: PYTHON, home: place.home, sshConfig: sshd.config }, wish, id };
  const { child, said } = started(bundled('launcher'), order);
  expect(await said).toMatchObject({ detached: true, how: 'setsid' });
  killTree(child.pid ?? 0);
  const runs = place.runs({ sshConfig: sshd.config });
  const run = await runs.find(id);
  expect(run.state).toBe('running');
  writeFileSync(go, '');
  const lines: string[] = [];
  const tail = await runs.follow(run, { lines: (more) => void lines.push(...more) });
  expect((await until(runs, run.id, 'succeeded', 'failed', 'unknown')).state).toBe('succeeded');
  while (lines.length < LINES || tail.rest === '') await pause(50);
  expect(hash(`${lines.join('\n')}\n${tail.rest}`)).toBe(hash(WHOLE));
  tail.dispose();
  runs.dispose();
});

it('a host that shares our home tells of the same runs, each of which stands there once', async () => {
  const shared = makePlace();
  const targets = { here: { detach: 'setsid' }, far: { ssh: 'lens', detach: 'setsid', home: shared.home } };
  writeFileSync(join(shared.home, 'targets.json'), JSON.stringify({ form: 1, targets }));
  const runs = shared.runs({ sshConfig: sshd.config });
  const { run } = await runs.launch(wishOf('echo shared', { target: 'far' }), 'shared');
  expect(run.folder.startsWith(shared.home)).toBe(true);
  expect((await until(runs, 'shared', 'succeeded')).target).toBe('far');
  expect((await runs.list('here')).runs.map(({ id }) => id)).toContain('shared');
  runs.dispose();
  shared.remove();
});

it('takes the ssh and the settings that the user named, in folders with spaces', async () => {
  const folder = join(place.home, 'Program Files');
  mkdirSync(folder);
  const [path, config] = [join(folder, 'my ssh'), join(folder, 'my config')];
  symlinkSync(execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim(), path);
  copyFileSync(sshd.config, config);
  const runs = place.runs({ sshSettings: () => ({ path, config }) });
  expect((await runs.list('far')).problems).toEqual([]);
  runs.dispose();
});

it('copies its program once and finds it again', async () => {
  const runs = place.runs({ sshConfig: sshd.config });
  await runs.list('far');
  await runs.list('far');
  runs.dispose();
  expect(readdirSync(join(far, 'host'))).toHaveLength(1);
});

it('goes through a jump host as the user’s settings say', async () => {
  const jump = await startSshd();
  const between = readFileSync(jump.config, 'utf8').replace('Host lens', 'Host jump');
  const runs = place.runs({ sshConfig: sshd.configFor({ ProxyJump: 'jump' }, between) });
  const { run, detached } = await runs.launch(wishOf('echo through; exit 4', { target: 'far' }));
  expect([detached, (await until(runs, run.id, 'failed')).facts.exit]).toEqual([true, 4]);
  const broken = place.runs({
    sshConfig: sshd.configFor({ ProxyJump: 'jump' }, between.replace(/Port \d+/, 'Port 1')),
  });
  expect((await broken.list('far')).problems).toHaveLength(1);
  jump.stop();
  runs.dispose();
  broken.dispose();
});

it.each(['echo Welcome to {the} cluster', 'echo {"jsonrpc": "2.0"}; echo noise >&2', 'head -c 100000 /dev/zero'])(
  'is not confused by what the host prints at login: %s',
  async (noise) => {
    const chatty = await startSshd({ GRPO_LENS_HOME: far }, `ForceCommand ${noise}; eval "$SSH_ORIGINAL_COMMAND"`);
    const runs = place.runs({ sshConfig: chatty.config });
    expect((await runs.list('far')).problems).toEqual([]);
    runs.dispose();
    chatty.stop();
  },
);

it.each([
  ['a port where nothing listens', { Port: '1' }, /runs no ssh server/],
  ['a name that is not known', { HostName: 'no-such-host.invalid' }, /was not found/],
  ['a key that is refused', { IdentityFile: '/dev/null' }, /refused the login/],
  ['a host key that is not known', { UserKnownHostsFile: '/dev/null' }, /is not known yet/],
])('says plainly what is wrong: %s', async (_, lines, message) => {
  const runs = place.runs({ sshConfig: sshd.configFor(lines) });
  const { problems } = await runs.list('far');
  expect(problems[0]?.problem).toBeInstanceOf(Problem);
  expect(problems[0]?.problem.message).toMatch(message);
  runs.dispose();
});
