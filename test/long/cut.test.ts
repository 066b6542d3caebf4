import { afterAll, beforeAll, expect, it } from 'vitest';
import { pause, until, wishOf, type Place } from '../machine/place';
import { makeFarPlace, type FarPlace } from '../machine/farPlace';
import { startRelay } from '../machine/relay';
import type { Sshd } from '../machine/sshd';

let sshd: Sshd;
let place: Place;
let all: FarPlace;
const LONG = 30_000;

beforeAll(async () => {
  all = await makeFarPlace();
  ({ sshd, place } = all);
});

afterAll(() => all.remove());

it('a link cut for 30 s during a launch: the run is there once; during following: no line lost, none doubled', async () => {
  const relay = await startRelay(sshd.port, 20);
  const runs = place.runs({ sshConfig: sshd.configFor({ Port: `${relay.port}` }) });
  const wish = wishOf('i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i; sleep 0.1; done', { target: 'far' });
  await runs.list('far');
  const first = runs.launch(wish, 'cut').catch(() => undefined);
  await pause(150);
  relay.cut();
  await first;
  await pause(LONG);
  relay.mend();
  const { run } = await runs.launch(wish, 'cut');
  const lines: string[] = [];
  const links: boolean[] = [];
  const tail = await runs.follow(run, {
    lines: (more) => void lines.push(...more),
    lost: (problem) => void links.push(problem === undefined),
  });
  await pause(1000);
  relay.cut();
  await pause(LONG);
  relay.mend();
  const ended = await until(runs, 'cut', 'succeeded', 'failed', 'unknown');
  while (lines.length < 400) await pause(100);
  await pause(500);
  expect([ended.state, lines]).toEqual(['succeeded', Array.from({ length: 400 }, (_, at) => `line ${at + 1}`)]);
  expect(links).toEqual([false, true]);
  tail.dispose();
  runs.dispose();
  relay.close();
});
