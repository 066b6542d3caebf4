import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem';
import { makePlace, until, wishOf, type Place } from './place';
import { startSshd, type Sshd } from './sshd';

let sshd: Sshd;
let place: Place;

beforeAll(async () => {
  place = makePlace();
  sshd = await startSshd({ GRPO_LENS_HOME: `${place.home}/far` });
  place.remove();
  place = makePlace({ far: { ssh: 'lens', detach: 'setsid' } });
});

afterAll(() => {
  sshd.stop();
  place.remove();
});

const LINES = 400;
const SCRIPT = `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); printf 'line %s é\\r…\\n' $i; sleep 0.005; done; printf 'no newline'`;
const WHOLE = `${Array.from({ length: LINES }, (_, at) => `line ${at + 1} é\r…\n`).join('')}no newline`;
const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

it('starts over ssh, loses the connection, and the log is whole byte for byte', async () => {
  const first = place.runs({ sshConfig: sshd.config });
  const { run, detached, how } = await first.launch(wishOf(SCRIPT, { target: 'far' }));
  expect({ detached, how, state: run.state }).toEqual({ detached: true, how: 'setsid', state: 'running' });
  first.dispose();
  const second = place.runs({ sshConfig: sshd.config });
  const lines: string[] = [];
  const tail = await second.follow(run, { lines: (more) => void lines.push(...more) });
  const ended = await until(second, run.id, 'succeeded', 'failed', 'unknown');
  expect(ended.state).toBe('succeeded');
  while (lines.length < LINES || tail.rest === '') await new Promise((resolve) => setTimeout(resolve, 50));
  expect(hash(`${lines.join('\n')}\n${tail.rest}`)).toBe(hash(WHOLE));
  tail.dispose();
  second.dispose();
});

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
