import * as v from 'valibot';
import type { Ask, Guards } from './wire';

/** A data set as its page shows it at the top. */
export interface DataOpening {
  readonly name: string;
  readonly form: string | null;
  readonly rows: number;
}

/** A picture, film or sound of a record. `source`: where the page can load it from; null: it cannot be shown. */
export interface DataMedium {
  readonly kind: 'image' | 'video' | 'audio';
  readonly label: string;
  readonly source: string | null;
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
}

export interface DataPanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, DataOpening>;
    /** Records [from, from + count). */
    readonly page: Ask<{ readonly from: number; readonly count: number }, readonly DataItem[]>;
  };
  readonly tells: Record<never, never>;
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

export const dataPanelGuards: Guards<DataPanel> = {
  hello: v.object({}),
  page: v.object({ from: whole, count: v.pipe(whole, v.maxValue(100)) }),
};
