import type { Launch } from './launch';
import type { SchedulerWord } from './scheduled';

export type RunId = string;

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'unknown';

/** A process as it was noted: a pid alone may have been given to another since. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in the system's own words; empty where there is no such process. */
  readonly start: string;
  /** The system's start that the pid belongs to. */
  readonly boot: string;
}

/** What is known of one attempt at this moment, all of it looked up now; nothing here comes from a stream. */
export interface RunFacts {
  /** Exit status as the wrapper wrote it, renamed into place; undefined while there is none. */
  readonly exit?: number;
  /** Someone asked for the end (the file `stop` is there). */
  readonly stopAsked: boolean;
  /** What the scheduler says; undefined where none started this run. */
  readonly scheduler?: SchedulerWord;
  /** The watching process and the program, as they were noted at the start. */
  readonly marks?: readonly ProcessMark[];
  /** What stands at those pids now, on the same host. */
  readonly seen?: readonly ProcessMark[];
  /** For adopted runs: seconds since any of its files last grew. */
  readonly quietSeconds?: number;
  readonly adopted: boolean;
  /** `trainer_state.json` or its like says that the last step was reached. */
  readonly finished?: boolean;
  /** For adopted runs: the log ends in an error. */
  readonly crashed?: boolean;
}

/** An adopted run that has written nothing for so long is no longer called running, in seconds. */
const QUIET_SECONDS = 600;

/** The state of a run as one pure function of facts; nothing else decides a state. */
export function stateOf(facts: RunFacts): RunState {
  if (facts.exit !== undefined) return ended(facts.exit, facts);
  const word = facts.scheduler?.state;
  // A job that waits and was told to stop ends as soon as it starts.
  if (word === 'queued') return facts.stopAsked ? 'stopped' : 'queued';
  if (word === 'running') return 'running';
  if (isAlive(facts)) return 'running';
  if (word === 'succeeded' || word === 'stopped') return word;
  if (word === 'failed' || word === 'cut') return facts.stopAsked ? 'stopped' : 'failed';
  if (!facts.adopted) return 'unknown';
  if (facts.finished) return 'succeeded';
  if (facts.crashed) return 'failed';
  return facts.quietSeconds !== undefined && facts.quietSeconds < QUIET_SECONDS ? 'running' : 'unknown';
}

/** One of the noted processes is still there: same pid, same start, same boot. */
function isAlive({ marks = [], seen = [] }: RunFacts): boolean {
  return marks.some((mark) =>
    seen.some(
      ({ pid, start, boot }) => mark.start !== '' && pid === mark.pid && start === mark.start && boot === mark.boot,
    ),
  );
}

/**
 * 143 is SIGTERM as a shell reports it, which is a scheduler's own way too when time is up or the place is needed; 137 is
 * SIGKILL, which is ours only if a stop was asked for.
 */
function ended(exit: number, { stopAsked, scheduler }: RunFacts): RunState {
  if (exit === 0) return 'succeeded';
  if (stopAsked || scheduler?.state === 'stopped') return 'stopped';
  return exit === 143 && scheduler?.state !== 'cut' ? 'stopped' : 'failed';
}

/** One run: the wish it came from, where it lives, and its state when it was last looked at. */
export interface Run {
  readonly id: RunId;
  readonly name: string;
  /** Name of the target it runs on; `here` for this machine. */
  readonly target: string;
  /** The run's own folder on its machine; for an adopted run the folder that its trainer writes into. */
  readonly folder: string;
  /** The file with its output: of the last attempt, or of the adopted folder; undefined where there is none. */
  readonly log?: string;
  /** Where the framework writes its own outputs, where that is known. */
  readonly outputs?: string;
  /** Absent for an adopted run. */
  readonly launch?: Launch;
  readonly state: RunState;
  readonly facts: RunFacts;
  /** Attempts so far: 1 for a run that was never resumed, 0 for an adopted one. */
  readonly attempts: number;
  /** Unix seconds of the last attempt's start. */
  readonly startedAt?: number;
  /** Unix seconds. */
  readonly endedAt?: number;
  /** Why it cannot be changed from here, such as a newer form of `launch.json`. */
  readonly locked?: string;
}
