import type { Launch } from '../../domain/runs/launch';
import type { ProcessMark } from '../../domain/runs/run';
import type { SchedulerFacts } from '../../domain/runs/scheduled';
import type { Ask } from '../../wire/wire';

/** What `host.py` tells of one run. */
export interface HostFacts {
  readonly id: string;
  readonly folder: string;
  readonly launch: Launch | null;
  readonly attempts: number;
  readonly attempt: number;
  readonly exit: number | null;
  readonly stopAsked: boolean;
  readonly how?: string | null;
  readonly host?: string | null;
  readonly startedAt: number | null;
  readonly endedAt?: number | null;
  readonly marks: readonly ProcessMark[];
  readonly seen: readonly ProcessMark[];
  /** Bytes of its log. */
  readonly log: number;
  readonly adopted?: boolean;
  readonly quietSeconds?: number | null;
  readonly finished?: boolean;
  readonly logFile?: string | null;
  readonly scheduler?: SchedulerFacts;
}

/** How an attempt is handed to a scheduler. */
export type JobAsk =
  | { readonly name: 'slurm'; readonly header: readonly string[] }
  | { readonly name: 'ray'; readonly address?: string; readonly gpus?: number; readonly cpus?: number };

/** A piece of a file; `file` names the very file, so that a rotation shows. */
export interface Piece {
  /** Base 64. */
  readonly data: string;
  readonly offset: number;
  readonly size: number;
  readonly file: string;
}

/** A process that was ended, and by what. */
export interface EndedProcess {
  readonly pid: number;
  readonly name: string;
  readonly signal: string;
}

export interface Entry {
  readonly name: string;
  readonly folder: boolean;
  readonly bytes: number;
  /** Unix seconds. */
  readonly changedAt: number;
}

/** What a host is and has. */
export interface HostInfo {
  readonly host: string;
  readonly boot: string;
  readonly python: string;
  readonly gpus: readonly {
    readonly index: number;
    readonly name: string;
    readonly totalMiB: number | null;
    readonly usedMiB: number | null;
    readonly busyPercent: number | null;
  }[];
  readonly disk: { readonly folder: string; readonly free: number; readonly total: number };
  readonly detach: readonly string[];
  /** It ends whatever a user leaves behind when they log out, and theirs does not linger. */
  readonly logout: boolean;
  readonly packages: Readonly<Record<string, string>>;
}

export interface StartAsk {
  readonly id: string;
  readonly attempt: number;
  readonly launch: Launch;
  readonly script: string;
  readonly inputs: readonly { readonly name: string; readonly text: string }[];
  readonly secrets: Readonly<Record<string, string>>;
  /** Only this way of letting go; the first that works where it is not set. */
  readonly detach?: string;
  /** The script is run by a login shell. */
  readonly login: boolean;
  /** Started by a scheduler instead of by the host itself. */
  readonly scheduler?: JobAsk;
}

export interface IndexAsk {
  readonly path: string;
  readonly offset: number;
  readonly seconds?: number;
  /** Tell the plain values in the lines too. */
  readonly values?: boolean;
  /** Keys that are not wanted. */
  readonly skip?: readonly string[];
  /** Key of an object whose members are told like the record's own. */
  readonly inner?: string;
  /** Key of a text of which only the length is told. */
  readonly lengthOf?: string;
}

export interface SearchAsk {
  readonly path: string;
  readonly offset: number;
  readonly end: number;
  readonly needle: string;
  /** The ways in which the text may be written in the file. */
  readonly forms: readonly string[];
  readonly keys: readonly string[];
}

/** Lines of a big file; what is `Packed` is deflated and in base 64. */
export interface Indexed {
  /** Behind the last line told. */
  readonly offset: number;
  readonly size: number;
  readonly file: string;
  /** 32-bit numbers: bytes of each line with its end. */
  readonly lengths: Packed;
  /** Doubles, NaN where there is none, and `[line, value]` as JSON for all that is no number. */
  readonly values: Readonly<Record<string, { readonly numbers: Packed; readonly words: Packed }>>;
  /** Lines that are no JSON object. */
  readonly bad: readonly number[];
}

export type Packed = string;

/** What may be asked of `host.py`. */
export interface HostProtocol {
  readonly asks: {
    readonly launch: Ask<StartAsk, { run: HostFacts; how: string | null; detached: boolean; logout: boolean }>;
    /** `ids`: only of these runs. */
    readonly facts: Ask<
      { readonly ids?: readonly string[] },
      { host: string; boot: string; runs: readonly HostFacts[] }
    >;
    readonly stop: Ask<
      { readonly id: string; readonly grace: number; readonly who: string },
      { run: HostFacts; ended: readonly EndedProcess[] }
    >;
    /** `wait`: seconds to wait for something new; a negative offset counts from the end. */
    readonly read: Ask<
      {
        readonly path: string;
        readonly offset: number;
        readonly limit?: number;
        readonly wait?: number;
        readonly file?: string;
      },
      Piece
    >;
    readonly entries: Ask<{ readonly path: string }, readonly Entry[]>;
    /** Whole lines from an offset on, as long as there is time. */
    readonly index: Ask<IndexAsk, Indexed>;
    /** Offsets of lines that have a text in one of `keys`; `done` where `end` was reached. */
    readonly search: Ask<
      SearchAsk,
      { readonly hits: readonly number[]; readonly offset: number; readonly done: boolean }
    >;
    /** Appends a record to `labels.jsonl` in a folder. */
    readonly label: Ask<{ readonly folder: string; readonly record: object }, null>;
    readonly adopt: Ask<{ readonly id: string; readonly path: string }, HostFacts>;
    readonly host: Ask<{ readonly python?: string }, HostInfo>;
    /** Runs a program that only reads; `setup`: shell lines that come first. */
    readonly python: Ask<
      { readonly program: string; readonly argument: string; readonly python?: string; readonly setup?: string },
      { readonly text: string }
    >;
  };
  readonly tells: Record<never, never>;
}
