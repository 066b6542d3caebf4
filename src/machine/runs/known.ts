import type { Remedy } from '../../domain/problem';
import { stateOf, type Run } from '../../domain/runs/run';
import { diskOf, type Disk } from '../disk';
import { OpenedRun } from './openedRun';
import { adoptedLook, adoptedRun, findOutputs, glance, type Reached } from './outputs';
import type { Runs } from './runs';
import { Startup, type PhaseSpan } from './startup';

/** A run as a list shows it. */
export interface Listed {
  readonly run: Run;
  /** How far it is, where a glance at its files tells. */
  readonly reached?: Reached;
}

/** What one target told at one look, or why it told nothing, in one sentence. */
export interface TargetLook {
  readonly target: string;
  readonly runs: readonly Listed[];
  readonly problem?: string;
  /** What may be done about it, where something may. */
  readonly remedy?: Remedy;
}

/** Of so many earlier runs the start is looked at. */
const EARLIER = 3;

/** How long an answer about a run's state is good for, in milliseconds. */
const FRESH_MS = 2000;

/** Every run that can be shown: those of all targets, and the output folders below the workspace. */
export class KnownRuns {
  constructor(private readonly runs: Runs) {}

  /** Looks at one target. `roots`: folders of the workspace, whose output folders are runs of this machine. */
  async look(target: string, roots: readonly string[] = []): Promise<TargetLook> {
    const here = target === 'here';
    const [listing, found] = await Promise.all([
      this.runs.list(target),
      here ? Promise.all(roots.map(findOutputs)) : Promise.resolve([]),
    ]);
    const owned = new Set(listing.runs.flatMap(({ folder, outputs }) => [folder, outputs]));
    // A folder that a run of the target's writes into is no run of its own.
    const folders = [...new Set(found.flat())].filter((folder) => !owned.has(folder));
    const [runs, adopted] = await Promise.all([
      Promise.all(listing.runs.map(glanced)),
      Promise.all(folders.map(adoptedAt)),
    ]);
    const problem = listing.problems[0]?.problem;
    return {
      target,
      runs: [...runs, ...adopted],
      ...(problem === undefined ? {} : { problem: problem.message }),
      ...(problem?.remedy === undefined ? {} : { remedy: problem.remedy }),
    };
  }

  /** Looks again at runs of a target that are known already. Throws a `Problem` where the target does not answer. */
  async again(target: string, ids: readonly string[]): Promise<readonly Listed[]> {
    return Promise.all((await this.runs.some(target, ids)).map(glanced));
  }

  /** Where a run's files are: its own folder, and where its trainer writes. */
  disk(run: Run): Disk {
    return diskOf(this.runs, run);
  }

  open(run: Run): OpenedRun {
    const folders = [...new Set([run.folder, ...(run.outputs === undefined ? [] : [run.outputs])])];
    const look = run.target === 'here' && isFolder(run) ? adoptedLook(run.folder) : this.#look(run);
    return new OpenedRun(look, folders, this.disk(run), () => this.#earlierStarts(run));
  }

  /** How the last starts of the same name on the same target went, before this one. */
  async #earlierStarts(run: Run): Promise<readonly (readonly PhaseSpan[])[]> {
    const { runs } = await this.runs.list(run.target);
    const like = runs.filter(({ id, name, attempts }) => id !== run.id && name === run.name && attempts > 0);
    const disk = this.disk(run);
    const starts = like.slice(0, EARLIER).map(async ({ folder }) => {
      const startup = new Startup(disk, `${folder}/attempts/1`);
      await startup.refresh();
      return startup.spans;
    });
    return Promise.all(starts);
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
    const [now = run] = await this.runs.some(run.target, [run.id]);
    return (await glanced(now)).run;
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
