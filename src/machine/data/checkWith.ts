import { join } from 'node:path';
import type { DataFinding } from '../../domain/dataset/checking';
import { Problem } from '../../domain/problem';
import { shippedGrammars } from '../config/grammars';
import { PATIENCE } from '../config/lint';
import { Rewards } from '../rewards/rewards';
import { targetsOf, type Around } from '../rewards/rewardTargets';
import { acceptance } from './acceptance';
import { check, type CheckOptions, type CheckReport } from './check';
import { openPaged } from './paged';
import { viewerOf, type ViewWish } from './seeing';

/** Rewards whose opinion on the solutions is asked; without a name and a path, those of the configuration. */
export interface Asking {
  readonly python: string;
  readonly path?: string;
  readonly name?: string;
}

export interface TrainingCheck extends Omit<CheckOptions, 'viewer'> {
  /** The model, or the configuration of the training that will use the set. */
  readonly view?: ViewWish;
  readonly asking?: Asking;
}

const MOST_SHOWN = 100;

/**
 * A check by itself and beside the training that will use the set. What the configuration leaves open, or its rewards
 * that cannot be loaded, are notes of the report. Errors: those of `check`, and of a reward or model that was named.
 */
export async function checkWith(file: string, options: TrainingCheck, around: Around): Promise<CheckReport> {
  const { view, asking, ...own } = options;
  const viewer = view && (await viewerOf(file, (await openPaged(file)).form, await readable(view, around)));
  const report = await check(file, { ...own, ...(viewer ? { viewer } : {}) });
  if (!asking) return report;
  const judging = { asking, view, wrapper: viewer?.wrapper, signal: own.signal };
  const { rejected, notes } = await rejectedBy(file, judging, around);
  const findings = [...report.findings, ...rejected.slice(0, MOST_SHOWN)];
  return {
    ...report,
    missing: [...report.missing, ...notes],
    findings: findings.sort((a, b) => (a.row ?? -1) - (b.row ?? -1)),
    counts: { ...report.counts, ...(rejected.length > 0 ? { rejected: rejected.length } : {}) },
  };
}

/** A configuration may be written in Python. */
async function readable(view: ViewWish, around: Around): Promise<ViewWish> {
  return view.config === undefined ? view : { ...view, grammars: await shippedGrammars(around.root, PATIENCE) };
}

interface Judging {
  readonly asking: Asking;
  readonly view: ViewWish | undefined;
  readonly wrapper: string | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Judged {
  readonly rejected: readonly DataFinding[];
  readonly notes: readonly string[];
}

async function rejectedBy(file: string, judging: Judging, around: Around): Promise<Judged> {
  const { asking, view, wrapper, signal } = judging;
  const rewards = new Rewards({ python: asking.python, home: join(around.root, 'python') });
  const stop = (): void => rewards.dispose();
  signal?.addEventListener('abort', stop);
  const notes: string[] = [];
  const heard = { ...around, note: (text: string) => void notes.push(text) };
  try {
    const from = view?.config === undefined ? {} : { config: view.config };
    const judges = await targetsOf({ ...asking, ...from }, rewards, heard);
    return {
      rejected: await acceptance(file, { rewards, judges, ...(wrapper === undefined ? {} : { wrapper }) }),
      notes,
    };
  } catch (error) {
    if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
    if (!(error instanceof Problem) || asking.path !== undefined) throw error;
    return { rejected: [], notes: [...notes, `The rewards were not asked: ${error.message}`] };
  } finally {
    signal?.removeEventListener('abort', stop);
    rewards.dispose();
  }
}
