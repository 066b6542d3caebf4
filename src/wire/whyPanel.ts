import * as v from 'valibot';
import type { Cause, Divergence, RegexCall } from '../domain/rewards/explained';
import type { JsonScore } from '../domain/score';
import type { Ask, Guards } from './wire';

export type WhyTab = 'why' | 'pressure' | 'flips';

/** One sample explained, ready to be shown. */
export interface WhySample {
  readonly sample: number;
  /** How many samples there are. */
  readonly samples: number;
  /** Row of the run's record. */
  readonly row: number;
  readonly group: number | null;
  /** How many samples were called together, where its score depends on them. */
  readonly together?: number;
  readonly score: JsonScore;
  readonly error: string | null;
  readonly why: Cause | null;
  readonly completion: string;
  readonly regexes: readonly RegexCall[];
  /** What the reward was given besides, as short texts. */
  readonly arguments: readonly (readonly [name: string, value: string])[];
  /** Against a better sample of its group; null while it is sought. */
  readonly better: WhyBetter | null;
}

export interface WhyBetter {
  /** Why there is nothing to compare with. */
  readonly none?: string;
  readonly score?: JsonScore;
  readonly divergence?: Omit<Divergence, 'score' | 'otherScore' | 'change'>;
  readonly change?: Omit<NonNullable<Divergence['change']>, 'score'> & { readonly score: JsonScore };
}

/** What the panel is about now. */
export interface WhyShown {
  readonly file: string;
  readonly name: string;
  readonly reward: string;
  readonly tab: WhyTab;
  readonly sample: WhySample | null;
  /** What stands there without a sample. */
  readonly empty: string;
  /** Part of the page that was asked for. */
  readonly at?: 'better';
}

/** null stands for what is no number. */
type Maybe = number | null;

/** Update pressure on the recorded samples, for some weights and one formula. */
export interface WhyPressure {
  readonly components: readonly { readonly name: string; readonly weight: number; readonly share: Maybe }[];
  /** Formulas to choose from, and which one was taken; null: none is known. */
  readonly variants: readonly { readonly id: string; readonly label: string }[];
  readonly variant: string | null;
  readonly source: string;
  /** The configuration whose weights these are at first, and that can be given others; null: none is known. */
  readonly config: { readonly name: string; readonly weights: readonly number[] } | null;
  readonly samples: number;
  readonly from: string;
  readonly groups: number;
  readonly withoutSignal: number;
  readonly allBest: number;
  readonly allWorst: number;
  readonly tinySpread: number;
  readonly lengthCorrelation: Maybe;
  /** The selected sample's group. */
  readonly own: readonly {
    readonly sample: number;
    readonly scores: readonly JsonScore[];
    readonly total: Maybe;
    readonly advantage: Maybe;
  }[];
  /** Why there is nothing to show. */
  readonly none: string | null;
}

export interface WhyFlip {
  readonly sample: number;
  readonly row: number;
  readonly group: number | null;
  readonly was: JsonScore;
  readonly is: JsonScore;
  /** By how much its advantage changes; null where it is unknown. */
  readonly shift: number | null;
  readonly completion: string;
}

/** Samples whose score an edit changed. */
export interface WhyFlips {
  readonly reward: string;
  /** `the record`. */
  readonly against: string;
  readonly samples: number;
  readonly flips: readonly WhyFlip[];
  /** Flips that are not listed. */
  readonly more: number;
  readonly formula: string | null;
  /** Groups that lost their signal, and that gained one. */
  readonly became: readonly number[];
  readonly ceased: readonly number[];
}

export interface WhyPanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, WhyShown>;
    /** Shows a line of a file. */
    readonly open: Ask<{ readonly file: string; readonly line: number }, null>;
    readonly look: Ask<{ readonly sample: number }, null>;
    /** null: weights of 1, and the formula of the samples' own framework. */
    readonly pressure: Ask<
      { readonly weights: readonly number[] | null; readonly variant: string | null },
      WhyPressure
    >;
    /** Writes weights, in the order of the components, to the configuration; gives a sentence that says where. */
    readonly writeWeights: Ask<{ readonly weights: readonly number[] }, string>;
    /** Sends the sample with its group to a notebook, with the reward's scores on them. */
    readonly toNotebook: Ask<Record<string, never>, null>;
    readonly flips: Ask<Record<string, never>, WhyFlips>;
    /** Writes new scores as expectations; gives a sentence that says where. */
    readonly accept: Ask<{ readonly samples: readonly number[] }, string>;
  };
  readonly tells: {
    readonly shown: WhyShown;
  };
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

export const whyPanelGuards: Guards<WhyPanel> = {
  hello: v.object({}),
  open: v.object({ file: v.pipe(v.string(), v.maxLength(4000)), line: whole }),
  look: v.object({ sample: whole }),
  pressure: v.object({
    weights: v.nullable(v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(100))),
    variant: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  }),
  writeWeights: v.object({ weights: v.pipe(v.array(v.pipe(v.number(), v.finite())), v.maxLength(100)) }),
  toNotebook: v.object({}),
  flips: v.object({}),
  accept: v.object({ samples: v.pipe(v.array(whole), v.maxLength(100_000)) }),
};
