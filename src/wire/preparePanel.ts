import * as v from 'valibot';
import type { RecipeForm } from '../domain/dataset/recipeForm';
import type { DataItem } from './dataPanel';
import type { Ask, Guards } from './wire';

/** What a recipe makes of the first entries. */
export interface RecipePreview {
  readonly items: readonly DataItem[];
  /** Names that an entry has, for `{name}`. */
  readonly fields: readonly string[];
  /** Why entries were left out, one sentence each. */
  readonly left: readonly string[];
  /** Why nothing could be made at all. */
  readonly problem: string | null;
}

/** The recipe as it was last seen, and where its data may lie. */
export interface PrepareOpening {
  readonly file: string;
  readonly form: RecipeForm;
  readonly target: string;
  readonly targets: readonly string[];
}

export interface PreparePanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, PrepareOpening>;
    /** A later one takes the place of an earlier one, which then ends with the Problem `cancelled`. */
    readonly preview: Ask<{ readonly form: RecipeForm; readonly target: string }, RecipePreview>;
    /** Writes the recipe's file; it can be run again, here or by `grpo chore prepare`. */
    readonly save: Ask<{ readonly form: RecipeForm }, { readonly file: string }>;
    /** Writes it and makes the data set. */
    readonly run: Ask<{ readonly form: RecipeForm; readonly target: string }, { readonly file: string }>;
  };
  readonly tells: Record<never, never>;
}

const text = v.pipe(v.string(), v.maxLength(100_000));
const part = v.object({
  read: text,
  each: text,
  prompt: text,
  system: text,
  solution: text,
  images: text,
  videos: text,
  columns: text,
});
const form = v.object({ data_root: text, output: text, write: text, parts: v.pipe(v.array(part), v.maxLength(50)) });
const placed = v.object({ form, target: v.pipe(v.string(), v.maxLength(200)) });

export const preparePanelGuards: Guards<PreparePanel> = {
  hello: v.object({}),
  preview: placed,
  save: v.object({ form }),
  run: placed,
};
