import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Following } from '../../src/editor/runs/following';
import type { Guard } from '../../src/editor/guard';
import { KnownRuns } from '../../src/machine/runs/known';
import { makeFarPlace } from '../machine/farPlace';
import { makePlace, pause } from '../machine/place';
import { startRelay } from '../machine/relay';
import { milliseconds } from './figure';
import { panel } from './runPage';

const guard = { quietly: (_what: string, run: () => unknown) => run } as unknown as Guard;

/** A line of a step, with the progress bar that tells which. */
function line(step: number): string {
  return `\r  1%|1 | ${step}/999 [00:01<00:09]\r{'loss': 0.1, 'reward': 0.${step}, 'learning_rate': 1e-06, 'epoch': 0.1}\n`;
}

interface Way {
  readonly target: string;
  readonly place: ReturnType<typeof makePlace>;
  readonly sshConfig?: string;
  received(): number;
  close(): void;
}

async function wayTo(delay: number | undefined): Promise<Way> {
  if (delay === undefined) {
    const place = makePlace();
    return { target: 'here', place, received: () => 0, close: () => place.remove() };
  }
  const { sshd, place, remove } = await makeFarPlace();
  const relay = await startRelay(sshd.port, delay);
  const close = (): void => {
    relay.close();
    remove();
  };
  return {
    target: 'far',
    place,
    sshConfig: sshd.configFor({ Port: `${relay.port}` }),
    received: relay.received,
    close,
  };
}

/** A run that is followed as the editor follows it; `delay`: over ssh, so many milliseconds each way. */
export function followed(delay?: number): { latency(): Promise<number>; traffic(): Promise<number> } {
  return {
    latency: () =>
      open(delay, async ({ log, drawn }) =>
        milliseconds(() => {
          appendFileSync(log, line(4));
          return drawn(4);
        }),
      ),
    traffic: () =>
      open(delay, async ({ log, received }) => {
        await pause(3000);
        const [before, began] = [received(), performance.now()];
        for (let step = 4; step < 24; step++) {
          appendFileSync(log, line(step));
          await pause(1000);
        }
        return (received() - before) / (performance.now() - began);
      }),
  };
}

interface Opened {
  readonly log: string;
  drawn(points: number): Promise<unknown>;
  received(): number;
}

async function open(delay: number | undefined, use: (opened: Opened) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-bench-'));
  const log = join(folder, 'stdout.log');
  writeFileSync(log, line(1) + line(2) + line(3));
  const way = await wayTo(delay);
  const runs = way.place.runs(way.sshConfig === undefined ? {} : { sshConfig: way.sshConfig });
  const run = await runs.adopt(folder, way.target);
  const following = new Following(new KnownRuns(runs).open(run), (news) => shown.tell(news), guard);
  const shown = await panel(({ width }) => following.start(width));
  try {
    return await use({ log, drawn: shown.drawn, received: way.received });
  } finally {
    following.dispose();
    await shown.close();
    runs.dispose();
    way.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
