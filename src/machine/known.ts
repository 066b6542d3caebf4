import { stateOf, type Run } from '../domain/run';
import { diskOf, type Disk } from './disk';
import { OpenedRun } from './openedRun';
import { adoptedLook, adoptedRun, findOutputs, glance, type Reached } from './outputs';
import type { Runs } from './runs';

/** A run as a list shows it. */
export interface Listed {
  readonly run: Run;
  /** How far it is, where a glance at its files tells. */
  readonly reached?: Reached;
}

export interface KnownListing {
  readonly runs: readonly Listed[];
  /** Why a target told nothing, one sentence each. */
  readonly problems: readonly { readonly target: string; readonly text: string }[];
}

/** How long an answer about a run's state is good for, in milliseconds. */
const FRESH_MS = 2000;

/** Every run that can be shown: those of all targets, and the output folders below the workspace. */
export class KnownRuns {
  constructor(private readonly runs: Runs) {}

  /** `roots`: folders of the workspace. A folder that a target's run writes into is no run of its own. */
  async list(roots: readonly string[]): Promise<KnownListing> {
    const [listing, found] = await Promise.all([this.runs.list(), Promise.all(roots.map(findOutputs))]);
    const owned = new Set(listing.runs.flatMap(({ folder, outputs }) => [folder, outputs]));
    const folders = [...new Set(found.flat())].filter((folder) => !owned.has(folder));
    const adopted = await Promise.all(folders.map(adoptedAt));
    const here = await Promise.all(listing.runs.map(glanced));
    const problems = listing.problems.map(({ target, problem }) => ({ target, text: problem.message }));
    return { runs: [...here, ...adopted], problems };
  }

  /** Where a run's files are: its own folder, and where its trainer writes. */
  disk(run: Run): Disk {
    return diskOf(this.runs, run);
  }

  open(run: Run): OpenedRun {
    const folders = [...new Set([run.folder, ...(run.outputs === undefined ? [] : [run.outputs])])];
    const look = run.target === 'here' && isFolder(run) ? adoptedLook(run.folder) : this.#look(run);
    return new OpenedRun(look, folders, this.disk(run));
  }

  /** Asks the target, at most once in two seconds. */
  #look(run: Run): () => Promise<Run> {
    let last = { at: performance.now(), run: Promise.resolve(run) };
    return () => {
      if (performance.now() - last.at > FRESH_MS) last = { at: performance.now(), run: this.#again(run) };
      return last.run;
    };
  }

  /** The run as it is now; as it was, where its target does not know it any more. */
  async #again(run: Run): Promise<Run> {
    const { runs } = await this.runs.list(run.target);
    return (await glanced(runs.find(({ id }) => id === run.id) ?? run)).run;
  }
}

/** A folder of the workspace that no target knows of is called by its path. */
function isFolder({ id, folder }: Run): boolean {
  return id === folder;
}

async function adoptedAt(folder: string): Promise<Listed> {
  const reached = await glance(folder);
  return { run: adoptedRun(folder, reached, Date.now()), reached };
}

async function glanced(run: Run): Promise<Listed> {
  if (run.target !== 'here') return { run };
  const folders = [run.folder, `${run.folder}/attempts/${run.attempts}`, ...(run.outputs ? [run.outputs] : [])];
  const all = await Promise.all([...new Set(folders)].map(glance));
  const reached = {
    step: Math.max(...all.map(({ step }) => step)),
    steps: all.find(({ steps }) => steps !== undefined)?.steps,
    changedAt: Math.max(...all.map(({ changedAt }) => changedAt)),
    crashed: all.some(({ crashed }) => crashed),
  };
  return { run: withCrash(run, reached.crashed), reached };
}

/** An adopted run has no exit status; that its log ends in an error is a fact of its own. */
function withCrash(run: Run, crashed: boolean): Run {
  if (!run.facts.adopted || !crashed) return run;
  const facts = { ...run.facts, crashed };
  return { ...run, facts, state: stateOf(facts) };
}
