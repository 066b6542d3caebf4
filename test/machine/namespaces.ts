import { execFileSync, spawnSync } from 'node:child_process';
import type { Within } from './sshd';

/** Three machines of our own, as network namespaces: from here only `jump` can be reached, and from `jump` only `host`. */
export interface Namespaces {
  readonly jump: Within;
  readonly host: Within;
  /** Pulls the cable between jump and host out, or puts it back. */
  cable(plugged: boolean): void;
  /** From now on the kernel drops this share of the packets between jump and host, each way, by chance; 0 for none. */
  loss(share: number): void;
  /** Packets that were dropped since the last `loss`. */
  lost(): number;
  /** Everything on the host dies at once, as when its power is cut. */
  powerCut(): void;
  remove(): void;
}

const ip = (...words: readonly string[]): string => execFileSync('ip', words, { encoding: 'utf8', stdio: 'pipe' });

const enter = (name: string): readonly string[] => ['ip', 'netns', 'exec', name];

const tc = (name: string, ...words: readonly string[]): string => ip('netns', 'exec', name, 'tc', ...words);

/**
 * A classic BPF program that drops a packet where the kernel's random word says so: load it (the ancillary word
 * `SKF_AD_RANDOM`), above the bound let it pass (0), else shoot it (`TC_ACT_SHOT`, 2). It needs no netem.
 */
function dropping(share: number): string {
  return `4,32 0 0 ${0xfffff000 + 56},37 0 1 ${Math.round(share * 0xffffffff)},6 0 0 0,6 0 0 2`;
}

/** What a clsact queue says of itself: `… (dropped 12, overlimits 0 requeues 0)`. */
const dropped = (text: string): number => Number(/clsact[\s\S]*?dropped (\d+)/.exec(text)?.[1] ?? 0);

/** Needs root. `tag` makes the names our own, at most 10 letters: another test may be at it beside us. */
export function makeNamespaces(tag: string): Namespaces {
  const net = 16 + (process.pid % 200);
  const [jump, host] = [`${tag}-jump`, `${tag}-host`];
  const inside = (name: string, ...words: readonly string[]): string => ip('netns', 'exec', name, 'ip', ...words);
  for (const name of [jump, host]) ip('netns', 'add', name);
  ip('link', 'add', `${tag}0`, 'type', 'veth', 'peer', 'name', `${tag}1`, 'netns', jump);
  ip('addr', 'add', `10.${net}.1.1/24`, 'dev', `${tag}0`);
  ip('link', 'set', `${tag}0`, 'up');
  ip('netns', 'exec', jump, 'ip', 'link', 'add', `${tag}2`, 'type', 'veth', 'peer', 'name', `${tag}3`, 'netns', host);
  for (const [name, link, address] of [
    [jump, `${tag}1`, `10.${net}.1.2`],
    [jump, `${tag}2`, `10.${net}.2.1`],
    [host, `${tag}3`, `10.${net}.2.2`],
  ] as const) {
    inside(name, 'addr', 'add', `${address}/24`, 'dev', link);
    inside(name, 'link', 'set', link, 'up');
    inside(name, 'link', 'set', 'lo', 'up');
  }
  const ends = [
    [jump, `${tag}2`],
    [host, `${tag}3`],
  ] as const;
  const killAll = (name: string): void => {
    const pids = ip('netns', 'pids', name).split(/\s+/).filter(Boolean);
    if (pids.length > 0) spawnSync('kill', ['-9', ...pids]);
  };
  return {
    jump: { enter: enter(jump), address: `10.${net}.1.2` },
    host: { enter: enter(host), address: `10.${net}.2.2` },
    cable: (plugged) => void inside(jump, 'link', 'set', `${tag}2`, plugged ? 'up' : 'down'),
    loss: (share) => {
      for (const [name, link] of ends) {
        tc(name, 'qdisc', 'replace', 'dev', link, 'clsact');
        tc(name, 'filter', 'del', 'dev', link, 'ingress');
        if (share > 0) tc(name, 'filter', 'add', 'dev', link, 'ingress', 'bpf', 'da', 'bytecode', dropping(share));
      }
    },
    lost: () => ends.reduce((sum, [name, link]) => sum + dropped(tc(name, '-s', 'qdisc', 'show', 'dev', link)), 0),
    powerCut: () => killAll(host),
    remove: () => {
      for (const name of [host, jump]) {
        killAll(name);
        ip('netns', 'del', name);
      }
    },
  };
}

/** Whether this machine lets us; where it does not (no root, a container, a chroot) it says so aloud. */
export function mayMakeNamespaces(): boolean {
  const name = `l${process.pid}-try`;
  const done = spawnSync('sh', ['-c', `ip netns add ${name} && ip netns exec ${name} true`], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', name]);
  if (done.status !== 0) console.warn(`LEFT OUT: this machine makes no network namespaces (${done.stderr.trim()}).`);
  return done.status === 0;
}
