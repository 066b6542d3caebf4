/** A stretch of a text, as offsets in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Replace `span` by `text`. */
export interface Change {
  readonly span: Span;
  readonly text: string;
}

/** A named set of changes to one text, applied together. */
export interface Fix {
  readonly title: string;
  readonly changes: readonly Change[];
}

export type Weight = 'error' | 'warning' | 'hint';

/** Something worth saying about a text, with its place. */
export interface Finding {
  readonly span: Span;
  readonly weight: Weight;
  /** A stable id: `unknown-key`, `bad-type`, or the id of a rule of the framework. */
  readonly rule: string;
  readonly text: string;
  /** The parameter it is about, where there is one. */
  readonly key?: string;
  readonly fixes?: readonly Fix[];
}
