import * as v from 'valibot';
import type { RunOpening } from './runPanel';
import type { Ask, Guards } from './wire';

/** What a drawn output may ask while its notebook is open in an editor that has the extension. */
export interface OutputLive {
  readonly asks: {
    /** Opens a file at a line, beside the notebook. */
    readonly reveal: Ask<{ readonly path: string; readonly line?: number | undefined }, null>;
    /** Shows a line of the cell that was run as `In[3]`, else of the one that defines this name. */
    readonly revealCell: Ask<{ readonly cell: string; readonly name: string; readonly line: number }, null>;
    readonly openRun: Ask<{ readonly folder: string }, null>;
    /** Opens completions, at a row where one is given. */
    readonly openCompletions: Ask<{ readonly folder: string; readonly row?: number | undefined }, null>;
    /** The run as it is now; from then on `grown` tells what is new. `width`: about the most points of a curve. */
    readonly follow: Ask<{ readonly folder: string; readonly width: number }, RunOpening>;
  };
  readonly tells: {
    readonly grown: { readonly folder: string; readonly run: RunOpening };
  };
}

const line = v.pipe(v.number(), v.integer(), v.minValue(1));
const path = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));

export const outputLiveGuards: Guards<OutputLive> = {
  reveal: v.object({ path, line: v.optional(line) }),
  revealCell: v.object({
    cell: v.pipe(v.string(), v.maxLength(400)),
    name: v.pipe(v.string(), v.maxLength(400)),
    line,
  }),
  openRun: v.object({ folder: path }),
  openCompletions: v.object({ folder: path, row: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))) }),
  follow: v.object({ folder: path, width: v.pipe(v.number(), v.integer(), v.minValue(2)) }),
};
