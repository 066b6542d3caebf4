import { LAUNCH_FORM, type Launch } from '../../domain/runs/launch';
import { stateOf, type Run, type RunFacts } from '../../domain/runs/run';
import { wordOf } from '../../domain/runs/scheduled';
import type { HostFacts } from '../hosts/hostProtocol';

/** A run as its folder on a host tells it. */
export function runOf(target: string, told: HostFacts): Run {
  const facts = factsOf(told);
  const launch = known(told.launch);
  const log = told.adopted ? (told.logFile ?? undefined) : inAttempt(told, 'log.txt');
  const outputs = told.adopted ? told.folder : launch?.outputs;
  return {
    id: told.id,
    name: launch?.name ?? nameOf(told),
    target,
    folder: told.folder,
    state: stateOf(facts),
    facts,
    attempts: told.attempts,
    ...(log === undefined ? {} : { log }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(launch === undefined ? {} : { launch }),
    ...(told.startedAt === null ? {} : { startedAt: told.startedAt }),
    ...(typeof told.endedAt === 'number' ? { endedAt: told.endedAt } : {}),
    ...locked(told),
  };
}

/** The path of a file of the last attempt. */
function inAttempt({ folder, attempt }: Pick<HostFacts, 'folder' | 'attempt'>, name: string): string {
  return `${folder}/attempts/${attempt}/${name}`;
}

function factsOf(told: HostFacts): RunFacts {
  return {
    ...(told.exit === null ? {} : { exit: told.exit }),
    stopAsked: told.stopAsked,
    marks: told.marks,
    seen: told.seen,
    adopted: told.adopted ?? false,
    ...(told.scheduler ? { scheduler: wordOf(told.scheduler) } : {}),
    ...(typeof told.quietSeconds === 'number' ? { quietSeconds: told.quietSeconds } : {}),
    ...(told.finished === undefined ? {} : { finished: told.finished }),
  };
}

/** A launch of a newer form is not read: its words may mean something else. */
function known(launch: Launch | null): Launch | undefined {
  return launch !== null && launch.form <= LAUNCH_FORM ? launch : undefined;
}

function locked({ launch }: HostFacts): { locked?: string } {
  if (launch === null || launch.form <= LAUNCH_FORM) return {};
  return { locked: 'This run was written by a newer GRPO Lens: update to change or resume it.' };
}

/** An adopted folder is called by its own name, or by its parent's where its own says nothing. */
function nameOf({ id, folder, adopted }: HostFacts): string {
  if (!adopted) return id;
  const [last = id, parent] = folder.split(/[\\/]/).filter(Boolean).reverse();
  return parent !== undefined && /^(output|outputs|out|results|checkpoints|logs?|v\d+.*)$/i.test(last)
    ? `${parent}/${last}`
    : last;
}
