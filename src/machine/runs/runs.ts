import { randomBytes } from 'node:crypto';
import type { Disposable } from '../../base/disposable';
import { Cell } from '../../base/event';
import type { Wish } from '../../domain/runs/launch';
import { Problem } from '../../domain/problem';
import type { Run, RunId } from '../../domain/runs/run';
import { onceEach } from '../../domain/runs/sameRun';
import { runOf } from './folder';
import type { EndedProcess, Entry, HostInfo, Piece } from '../hosts/hostProtocol';
import { recorderFiles } from './recorder';
import { prepare, type Prepared } from './script';
import { Tail, type Follower, type TailOptions } from './tail';
import type { TargetSettings } from '../hosts/target';
import type { Target, Targets } from '../hosts/targets';

/** What was seen at one look: runs, newest first, and why some targets told nothing. */
export interface Listing {
  readonly runs: readonly Run[];
  readonly problems: readonly { readonly target: string; readonly problem: Problem }[];
}

/** How a start went. */
export interface Started {
  readonly run: Run;
  /** `systemd`, `tmux`, `setsid`, or the scheduler. */
  readonly how: string;
  /** It was verified that the run hangs from nothing of ours, and outlives our login. */
  readonly detached: boolean;
  /** The host ends the run when its user logs out. */
  readonly logout: boolean;
  /** There was a run with this id before: nothing was started. */
  readonly already: boolean;
}

/** Runs that are named where a word may mean many. */
const MOST_NAMED = 5;

/** Every run on every target. The only memory is the last look; everything is read again from the runs' folders. */
export class Runs implements Disposable {
  /** What the last look showed. */
  readonly listing = new Cell<Listing>({ runs: [], problems: [] });

  constructor(private readonly targets: Targets) {}

  /** Looks at all targets at once, or at one. A target that does not answer keeps nothing but its problem. */
  async list(only?: string): Promise<Listing> {
    const targets = only === undefined ? await this.targets.all() : [await this.targets.get(only)];
    const looks = await Promise.all(targets.map(look));
    const told = onceEach(looks.flatMap((seen) => seen.runs));
    const runs = told.sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
    const listing = { runs, problems: looks.flatMap((seen) => seen.problems) };
    if (only === undefined) this.listing.set(listing);
    return listing;
  }

  /** What is known now of some runs of a target: a host with a thousand of them is asked for no others. */
  async some(target: string, ids: readonly RunId[]): Promise<readonly Run[]> {
    const { host } = await this.targets.get(target);
    const { runs } = await host.ask('facts', { ids });
    return runs.map((told) => runOf(target, told));
  }

  /** A run by its id or the start of it, or by its name if only one has it. Throws a `Problem` where that is not one run. */
  async find(word: string): Promise<Run> {
    const { runs, problems } = await this.list();
    const exact = runs.filter(({ id }) => id === word);
    const isMeant = ({ id, name }: Run): boolean => (word !== '' && id.startsWith(word)) || name === word;
    const found = exact.length > 0 ? exact : runs.filter(isMeant);
    if (found.length === 1 && found[0]) return found[0];
    if (found.length === 0 && problems[0]) throw problems[0].problem;
    const names = found.slice(0, MOST_NAMED).map(({ id }) => id);
    const more = found.length > names.length ? ` and ${found.length - names.length} more` : '';
    const message =
      found.length === 0
        ? `There is no run "${word}": grpo runs lists them.`
        : `"${word}" may be ${names.join(', ')}${more}: say which.`;
    throw new Problem({ code: found.length === 0 ? 'missing' : 'bad-input', message });
  }

  /** What would be started: the exact script, secrets left out. */
  async preview(wish: Wish): Promise<Prepared> {
    return this.#prepared(wish, (await this.targets.get(wish.target)).settings);
  }

  async #prepared(wish: Wish, settings: TargetSettings): Promise<Prepared> {
    const recorder = wish.record ? await recorderFiles(this.targets.python) : [];
    return prepare(wish, Date.now() / 1000, { settings, recorder });
  }

  /** Starts a run. With the same `id` again it starts nothing: it tells of the run that is there. */
  async launch(wish: Wish, id: RunId = newRunId(wish.name)): Promise<Started> {
    const target = await this.targets.get(wish.target);
    const prepared = await this.#prepared(wish, target.settings);
    return begin(target, { id, attempt: 1, prepared });
  }

  /**
   * Starts one more attempt at a run, with its own script or with that of `wish`. `secrets` are asked for again: they
   * stand nowhere. Throws a `Problem` while it is still running.
   */
  async resume(run: Run, wish: Wish): Promise<Started> {
    if (run.locked !== undefined) throw new Problem({ code: 'unsupported', message: run.locked });
    const target = await this.targets.get(run.target);
    const prepared = await this.#prepared(wish, target.settings);
    return begin(target, { id: run.id, attempt: run.attempts + 1, prepared });
  }

  /** Ends a run: gracefully, after `grace` seconds hard. Tells every process that was ended. */
  async stop(run: Run, grace = 20): Promise<{ run: Run; ended: readonly EndedProcess[] }> {
    if (run.facts.adopted) throw adoptedOnly(run);
    const { host } = await this.targets.get(run.target);
    const told = await host.ask('stop', { id: run.id, grace, who: 'GRPO Lens' }, grace + 30);
    return { run: runOf(run.target, told.run), ended: told.ended };
  }

  /** Takes a folder that a training writes into, or its parent, as a run; the same folder is the same run. */
  async adopt(folder: string, target = 'here'): Promise<Run> {
    const { host } = await this.targets.get(target);
    return runOf(target, await host.ask('adopt', { id: newRunId(folder), path: folder }));
  }

  /** Follows a run's log, or another file on its machine, until disposed. */
  async follow(run: Run, follower: Follower, options: TailOptions & { readonly file?: string } = {}): Promise<Tail> {
    const { host } = await this.targets.get(run.target);
    const path = options.file ?? run.log;
    if (path === undefined) throw new Problem({ code: 'missing', message: `${run.folder} holds no log to follow.` });
    return new Tail({ read: (args) => host.ask('read', args, (args.wait ?? 0) + 30) }, path, follower, options);
  }

  /** Bytes of a file on the run's machine; a negative offset counts from the end. */
  async read(run: Run, path: string, { offset = 0, limit = 1 << 20 } = {}): Promise<{ bytes: Buffer; piece: Piece }> {
    const { host } = await this.targets.get(run.target);
    const piece = await host.ask('read', { path, offset, limit });
    return { bytes: Buffer.from(piece.data, 'base64'), piece };
  }

  /** What stands in a folder on the run's machine. */
  async entries(run: Run, path: string): Promise<readonly Entry[]> {
    return (await this.targets.get(run.target)).host.ask('entries', { path });
  }

  /** What a target is and has: Python, GPUs, disk, versions. */
  async host(target: string): Promise<HostInfo> {
    const { host, settings } = await this.targets.get(target);
    return host.ask('host', settings.python === undefined ? {} : { python: settings.python });
  }

  dispose(): void {
    this.listing.dispose();
    this.targets.dispose();
  }
}

async function look({ name, host }: Target): Promise<Listing> {
  try {
    const { runs } = await host.ask('facts', {});
    return { runs: runs.map((told) => runOf(name, told)), problems: [] };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // A machine on which no run can be has none: that is said where one shall be started.
    if (error.code === 'unsupported') return { runs: [], problems: [] };
    return { runs: [], problems: [{ target: name, problem: error }] };
  }
}

async function begin(target: Target, what: { id: RunId; attempt: number; prepared: Prepared }): Promise<Started> {
  const { id, attempt, prepared } = what;
  const { detach, ssh } = target.settings;
  const asked = { id, attempt, ...prepared, login: ssh !== undefined, ...(detach === undefined ? {} : { detach }) };
  // An id starts once, however often it is asked for: over a connection that was just lost, it is asked for again.
  const told = await target.host.ask('launch', asked).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'closed') return target.host.ask('launch', asked);
    throw error;
  });
  const run = runOf(target.name, told.run);
  return {
    run,
    how: told.how ?? 'unknown',
    detached: told.detached,
    logout: told.logout,
    already: attempt === 1 && run.launch?.createdAt !== prepared.launch.createdAt,
  };
}

/** An id that says when and what: `20261121-094500-count-1f3a`. */
function newRunId(name: string, now = new Date()): RunId {
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const word = (name.split(/[\\/]/).filter(Boolean).at(-1) ?? 'run').replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return `${time}-${word.replace(/^-+|-+$/g, '') || 'run'}-${randomBytes(2).toString('hex')}`;
}

function adoptedOnly({ folder }: Run): Problem {
  const message = `The training that writes ${folder} was not started by GRPO Lens: stop it where it was started.`;
  return new Problem({ code: 'unsupported', message });
}
