import { join } from 'node:path';
import type { DataFinding } from '../../domain/dataset/checking';
import type { Output } from '../commands/command';
import { targetsOf } from '../commands/scoreTargets';
import { Rewards } from '../rewards';
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

/** A check by itself and beside the training that will use the set. Errors: those of `check`, and of loading rewards. */
export async function checkWith(file: string, options: TrainingCheck, output: Output): Promise<CheckReport> {
  const { view, asking, ...own } = options;
  const viewer = view && (await viewerOf(file, (await openPaged(file)).form, view));
  const report = await check(file, { ...own, ...(viewer ? { viewer } : {}) });
  const rejected = asking ? await rejectedBy(file, { asking, view, wrapper: viewer?.wrapper }, output) : [];
  if (rejected.length === 0) return report;
  const findings = [...report.findings, ...rejected.slice(0, MOST_SHOWN)];
  return {
    ...report,
    findings: findings.sort((a, b) => (a.row ?? -1) - (b.row ?? -1)),
    counts: { ...report.counts, rejected: rejected.length },
  };
}

interface Judging {
  readonly asking: Asking;
  readonly view: ViewWish | undefined;
  readonly wrapper: string | undefined;
}

async function rejectedBy(
  file: string,
  { asking, view, wrapper }: Judging,
  output: Output,
): Promise<readonly DataFinding[]> {
  const rewards = new Rewards({ python: asking.python, home: join(output.root, 'python') });
  try {
    const from = view?.config === undefined ? {} : { config: view.config };
    const judges = await targetsOf({ ...asking, ...from, timeout: 60, json: false }, rewards, output);
    return await acceptance(file, { rewards, judges, ...(wrapper === undefined ? {} : { wrapper }) });
  } finally {
    rewards.dispose();
  }
}
