import * as v from 'valibot';
import type { RunState } from '../domain/run';
import type { JsonScore } from '../domain/score';
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
}

/** A curve, ready to be drawn; what is no number stands there as its word. */
export interface Curve {
  readonly name: string;
  /** The framework's own name for it. */
  readonly original: string;
  readonly steps: readonly number[];
  readonly values: readonly JsonScore[];
}

/** Everything that the panel shows at its start. */
export interface RunOpening {
  readonly header: RunHeader;
  readonly curves: readonly Curve[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

export interface RunPanel {
  readonly asks: {
    /** The page speaks first. `width`: about the most points that a curve may have. */
    readonly hello: Ask<{ readonly width: number }, RunOpening>;
    /** Opens the completions of one step beside the panel. */
    readonly completions: Ask<{ readonly step: number }, null>;
  };
  readonly tells: {
    /** Everything that changed since the last one; a curve comes whole, thinned to `width`. */
    readonly grown: RunOpening;
  };
}

export const runPanelGuards: Guards<RunPanel> = {
  hello: v.object({ width: v.pipe(v.number(), v.integer(), v.minValue(2)) }),
  completions: v.object({ step: v.number() }),
};
