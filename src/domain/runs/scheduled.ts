import type { SchedulerName } from './resources';

/** What a scheduler says of a job now. `state` is null where it did not answer. */
export interface SchedulerFacts {
  readonly name: SchedulerName;
  readonly job: string | null;
  readonly state: 'queued' | 'running' | 'ended' | 'gone' | null;
  /** Its own word for it: `PENDING`, `TIMEOUT`. */
  readonly word: string;
  /** Its reason or message. */
  readonly why: string;
}

/** A job's part in the state of a run, and the same in plain words where they say more than the state. */
export interface SchedulerWord {
  /** `cut`: ended by the scheduler itself, and not since someone asked. `silent`: it did not answer. */
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'cut' | 'gone' | 'silent';
  readonly says?: string;
}

type Ended = readonly [SchedulerWord['state'], string?];

/** squeue(1), "JOB STATE CODES": how jobs end. */
const SLURM: Readonly<Record<string, Ended>> = {
  COMPLETED: ['succeeded'],
  FAILED: ['failed'],
  CANCELLED: ['stopped', 'cancelled in Slurm'],
  TIMEOUT: ['cut', 'Slurm ended it: its time limit was reached'],
  DEADLINE: ['cut', 'Slurm ended it: its deadline was reached'],
  PREEMPTED: ['cut', 'Slurm ended it: a job of higher priority took its place'],
  OUT_OF_MEMORY: ['cut', 'Slurm ended it: it used more memory than it had asked for'],
  NODE_FAIL: ['cut', 'the node failed'],
  BOOT_FAIL: ['failed', 'the node did not start'],
  LAUNCH_FAILED: ['failed', 'Slurm could not start it'],
  REVOKED: ['stopped', 'taken by another cluster'],
};
/** ray/dashboard/modules/job/common.py @ 2.x, `JobStatus`. */
const RAY: Readonly<Record<string, Ended>> = {
  SUCCEEDED: ['succeeded'],
  FAILED: ['failed'],
  STOPPED: ['stopped', 'stopped in Ray'],
};

/** Why jobs wait, in plain words; other reasons stay as Slurm says them. */
const WAITING: Readonly<Record<string, string>> = {
  Resources: 'for free resources',
  Priority: 'behind jobs of higher priority',
  Dependency: 'for another job',
  BeginTime: 'for its begin',
  QOSMaxJobsPerUserLimit: 'since so many jobs of yours run already',
  AssocGrpGRES: 'since your account uses all the GPUs it may',
  QOSMaxGRESPerUser: 'since you use all the GPUs you may',
  ReqNodeNotAvail: 'since the nodes asked for are not available',
  JobHeldUser: 'since it is held',
  JobHeldAdmin: 'since an administrator holds it',
};
const TITLES = { slurm: 'Slurm', ray: 'Ray' } as const;

/** What a scheduler's word means. */
export function wordOf({ name, job, state, word, why }: SchedulerFacts): SchedulerWord {
  const title = `${TITLES[name]} job ${job ?? '?'}`;
  if (state === null) return { state: 'silent', says: why };
  if (state === 'queued')
    return { state, says: `${title} waits ${WAITING[why] ?? (why === '' ? 'for its turn' : `(${why})`)}` };
  if (state === 'running') return { state };
  if (state === 'gone')
    return { state, says: job === null ? `it was never handed to ${TITLES[name]}` : `${title} is not known any more` };
  const [as, text] = (name === 'slurm' ? SLURM : RAY)[word] ?? (['gone'] as const);
  const says =
    text ?? (as === 'failed' && why !== '' && why !== 'NonZeroExitCode' ? `${TITLES[name]} says: ${why}` : undefined);
  return { state: as, ...(says === undefined ? {} : { says }) };
}
