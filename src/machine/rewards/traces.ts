import type { Divergence, Explained } from '../../domain/rewards/explained';
import { toScore } from '../../domain/score';
import type { Traced, TraceRun } from '../../domain/rewards/trace';
import type { DivergeAnswer, ExplainAnswer, RunAnswer, Runner } from '../../wire/runner';
import type { Answered } from './gathered';

type Told = Omit<Runner['tells']['traced'], 'run' | 'scores'>;

/** Python's account of all traced samples, its scores as scores. */
export function tracedOf({ lines, branches, ...told }: Told): Traced {
  const { path, paths, executable, swallowed, truncated, shared } = told;
  return {
    ...{ path, paths, executable, swallowed, truncated },
    ...(shared === undefined ? {} : { shared }),
    lines: lines.map((line) => ({ ...line, mean: toScore(line.mean) })),
    branches: branches.map((branch) => {
      return { ...branch, meanYes: toScore(branch.meanYes), meanNo: toScore(branch.meanNo) };
    }),
  };
}

export function traceRunOf(answer: Answered<RunAnswer>): TraceRun {
  const { reward, scores, components, errors, stubbed, withheld, notes, contract, missing, ms } = answer;
  return {
    ...{ reward, scores, components, errors, stubbed, contract, missing, ms },
    ...(withheld === undefined ? {} : { withheld }),
    ...(notes === undefined ? {} : { notes }),
    ...tracedOf(answer),
    check: checkOf(answer.check),
  };
}

function checkOf({ example, ...check }: RunAnswer['check']): TraceRun['check'] {
  if (example === undefined) return check;
  return { ...check, example: { ...example, batch: toScore(example.batch), alone: toScore(example.alone) } };
}

export function explainedOf(answer: ExplainAnswer): Explained {
  return { ...answer, score: toScore(answer.score) };
}

export function divergenceOf({ change, ...answer }: DivergeAnswer): Divergence {
  const scores = { score: toScore(answer.score), otherScore: toScore(answer.otherScore) };
  if (change === undefined) return { ...answer, ...scores };
  return { ...answer, ...scores, change: { ...change, score: toScore(change.score) } };
}

/** Of a run that was given up. */
export const NOT_TRACED: Omit<TraceRun, 'reward' | 'scores' | 'components' | 'errors' | 'stubbed'> = {
  path: [],
  paths: [],
  lines: [],
  executable: [],
  branches: [],
  swallowed: [],
  truncated: 0,
  check: { kind: 'unknown', differs: 0, why: 'Python ended again and again' },
  contract: [],
  missing: [],
  ms: { traced: 0, verified: 0 },
};
