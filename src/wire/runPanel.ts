import * as v from 'valibot';
import type { Phase } from '../domain/runs/phase';
import type { RunState } from '../domain/runs/run';
import type { JsonScore } from '../domain/score';
import type { TrackerPage } from '../domain/runs/tracker';
import type { Ask, Guards } from './wire';

/** A run as its panel shows it at the top. */
export interface RunHeader {
  readonly name: string;
  readonly state: RunState;
  readonly folder: string;
  readonly target: string;
  readonly step?: number;
  readonly steps?: number;
  readonly attempts: number;
  /** When its files last changed, in milliseconds since 1970. */
  readonly changedAt?: number;
  /** Unix seconds; of the last attempt. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What it does before its first step. */
  readonly phase?: Phase;
  /** The phases before the first step so far: seconds since the start, what each took, and what it usually takes. */
  readonly startup?: readonly {
    readonly phase: Phase;
    readonly began: number;
    readonly took?: number;
    readonly usually?: number;
  }[];
  /** Name of the machine, as it calls itself. */
  readonly host?: string;
  /** Exit status of the last attempt. */
  readonly exit?: number;
  /** GPUs, package versions, commit: short words, one thing each. */
  readonly about?: readonly string[];
  /** Its page at an experiment tracker, where its log names one. */
  readonly tracker?: TrackerPage;
  /** What can be done with it from here. */
  readonly can?: readonly RunAct[];
}

/** `change`: run again with other settings; `folder`: open the run's folder. */
export type RunAct = 'stop' | 'resume' | 'again' | 'change' | 'folder';

/** What the page may ask for; `tracker`: the run's page there. */
export type PanelAct = RunAct | 'tracker';

/** Something that the run's owner should know, with what may mend it. */
export interface Note {
  readonly kind: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly advice?: string;
  /** Parameters that may mend it. */
  readonly settings?: readonly string[];
  /** The line of the log that shows it. */
  readonly evidence?: string;
  readonly place?: { readonly path: string; readonly line: number };
}

/** A curve, ready to be drawn; what is no number stands there as its word. */
export interface Curve {
  readonly name: string;
  /** The framework's own name for it. */
  readonly original: string;
  readonly steps: readonly number[];
  readonly values: readonly JsonScore[];
  /** So many points, which the page has already, stand before these; absent: these are all. */
  readonly after?: number;
}

/** A step with something to say: here a new attempt began. */
export interface Mark {
  readonly step: number;
  readonly label: string;
}

/** When steps were logged, in seconds since the first. */
export interface Clock {
  readonly steps: readonly number[];
  readonly seconds: readonly number[];
}

/** Everything that the panel shows at its start. */
export interface RunOpening {
  readonly header: RunHeader;
  readonly curves: readonly Curve[];
  /** What went wrong, and what gives reason to look. */
  readonly notes?: readonly Note[];
  readonly marks?: readonly Mark[];
  /** Seconds since the start for steps, where that is known. */
  readonly clock?: Clock | null;
  /** What the GPUs did; the steps are minutes since the first sample. Absent: nothing new. */
  readonly gpu?: readonly Curve[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** A run with its news: curves that did not change stay the very same objects, in their order. */
export function grownRun(old: RunOpening | undefined, news: RunOpening): RunOpening {
  if (!old) return { ...news, curves: news.curves.map((curve) => grownCurve(undefined, curve)) };
  const came = new Map(news.curves.map((curve) => [curve.name, curve]));
  const known = new Set(old.curves.map(({ name }) => name));
  const kept = old.curves.map((curve) => {
    const more = came.get(curve.name);
    return more ? grownCurve(curve, more) : curve;
  });
  const others = news.curves.filter(({ name }) => !known.has(name)).map((curve) => grownCurve(undefined, curve));
  return { ...old, ...news, curves: [...kept, ...others] };
}

/** What it had, as far as that still holds, then what came. */
function grownCurve(old: Curve | undefined, news: Curve): Curve {
  const { after = 0, ...curve } = news;
  if (!old || after === 0) return curve;
  const { steps, values } = old;
  return {
    ...curve,
    steps: [...steps.slice(0, after), ...news.steps],
    values: [...values.slice(0, after), ...news.values],
  };
}

/** A text that tells what the run was started with. */
export interface ConfigText {
  readonly name: string;
  readonly text: string;
}

/** A stretch of the log: whole lines, and where in the file they stand, in bytes. */
export interface LogPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Size of the file. */
  readonly size: number;
}

export interface RunPanel {
  readonly asks: {
    /** The page speaks first. `width`: about the most points that a curve may have. */
    readonly hello: Ask<{ readonly width: number }, RunOpening>;
    /** Opens the completions of one step beside the panel. */
    readonly completions: Ask<{ readonly step: number }, null>;
    /** The command and the composed configuration. */
    readonly configuration: Ask<Record<string, never>, readonly ConfigText[]>;
    /** The end of the log, or the part around a byte; null: there is no log. */
    readonly log: Ask<{ readonly around: number | null }, LogPart | null>;
    /** Bytes at which lines begin that hold the text, first to last; letters of either case. */
    readonly find: Ask<{ readonly text: string }, { readonly at: readonly number[]; readonly more: boolean }>;
    /** Byte at which the first error begins; null: none was found. */
    readonly firstError: Ask<Record<string, never>, number | null>;
    /** Opens a file that a traceback names. */
    readonly open: Ask<{ readonly path: string; readonly line: number }, null>;
    /** Does something with the run, after asking. */
    readonly act: Ask<{ readonly act: PanelAct }, null>;
    /** Keeps a picture or its description: a file to choose (png as base64, svg), or the clipboard. */
    readonly keep: Ask<{ readonly name: string; readonly kind: 'png' | 'svg' | 'copy'; readonly data: string }, null>;
  };
  readonly tells: {
    /** Everything that changed since the last one; a curve comes with its new points, or whole where it is thinned to `width`. */
    readonly grown: RunOpening;
  };
}

const byte = v.pipe(v.number(), v.integer(), v.minValue(0));

export const runPanelGuards: Guards<RunPanel> = {
  hello: v.object({ width: v.pipe(v.number(), v.integer(), v.minValue(2)) }),
  completions: v.object({ step: v.number() }),
  configuration: v.object({}),
  log: v.object({ around: v.nullable(byte) }),
  find: v.object({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)) }),
  firstError: v.object({}),
  open: v.object({ path: v.pipe(v.string(), v.maxLength(4000)), line: byte }),
  act: v.object({ act: v.picklist(['stop', 'resume', 'again', 'change', 'folder', 'tracker']) }),
  keep: v.object({
    name: v.pipe(v.string(), v.maxLength(200)),
    kind: v.picklist(['png', 'svg', 'copy']),
    data: v.pipe(v.string(), v.maxLength(30_000_000)),
  }),
};
