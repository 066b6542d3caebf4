import * as v from 'valibot';
import type { SeenPiece } from '../domain/dataset/seen';
import type { Spread } from '../domain/dataset/spread';
import type { Weight } from '../domain/config/finding';
import type { Ask, Guards } from './wire';

/** A data set as its page shows it at the top. */
export interface DataOpening {
  readonly name: string;
  readonly form: string | null;
  readonly rows: number;
  /** Through which model records are seen; null: through none. */
  readonly model: string | null;
  readonly report: DataReport | null;
}

/** What a check found, with how the set is spread. */
export interface DataReport {
  /** The most frequent first. */
  readonly rules: readonly {
    readonly rule: string;
    readonly weight: Weight;
    readonly count: number;
    /** The first of them, with their rows where they have one. */
    readonly first: readonly { readonly row: number | null; readonly text: string }[];
  }[];
  readonly characters: Spread | null;
  readonly tokens: Spread | null;
  /** Solutions, the most frequent first; null: they are too many to be classes. */
  readonly classes: readonly (readonly [solution: string, count: number])[] | null;
  readonly media: readonly (readonly [kind: string, count: number])[];
  /** What was not looked at, and why. */
  readonly notes: readonly string[];
}

/** A picture, film or sound of a record. `source`: where the page can load it from; null: it cannot be shown. */
export interface DataMedium {
  readonly kind: 'image' | 'video' | 'audio';
  readonly label: string;
  readonly source: string | null;
  /** Why it is not shown, where that is worth saying. */
  readonly why?: string;
}

/** A record as the model is given it: pieces in their order, and what is said of its media and its length. */
export interface DataSeen {
  readonly pieces: readonly SeenPiece[];
  readonly tokens: number | null;
  readonly media: readonly string[];
  readonly overlong: string | null;
  readonly notes: readonly string[];
}

/** One record, ready to be shown; `bad` says why it could not be read. */
export interface DataItem {
  readonly row: number;
  readonly bad: string | null;
  readonly turns: readonly { readonly role: string; readonly content: string }[];
  readonly media: readonly DataMedium[];
  readonly solution: string | null;
  readonly response: string | null;
  readonly columns: readonly (readonly [name: string, value: string])[];
  /** What is wrong with it, one sentence each. */
  readonly findings: readonly string[];
  readonly seen?: DataSeen;
}

export interface DataPanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, DataOpening>;
    /** Records [from, from + count). */
    readonly page: Ask<{ readonly from: number; readonly count: number }, readonly DataItem[]>;
    /** Asks the user for a model, or for none; what the page shows then. */
    readonly look: Ask<{ readonly through: 'model' | 'nothing' }, DataOpening>;
    /** Checks the set; what the page shows then. */
    readonly check: Ask<Record<string, never>, DataOpening>;
  };
  readonly tells: Record<never, never>;
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

export const dataPanelGuards: Guards<DataPanel> = {
  hello: v.object({}),
  page: v.object({ from: whole, count: v.pipe(whole, v.maxValue(100)) }),
  look: v.object({ through: v.picklist(['model', 'nothing']) }),
  check: v.object({}),
};
