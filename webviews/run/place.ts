/** Where the user is in the page: all that the page keeps. */
export interface Place {
  readonly tab: 'curves' | 'log' | 'configuration';
  /** Weight of the moving average, 0 to below 1. */
  readonly smoothing: number;
  readonly log: boolean;
  readonly axis: 'step' | 'time' | 'tokens';
  /** Metrics whose names hold this are drawn besides the curated ones. */
  readonly search: string;
  readonly find: string;
  /** Headings whose charts are folded away. */
  readonly folded: readonly string[];
}

export const START: Place = { tab: 'curves', smoothing: 0, log: false, axis: 'step', search: '', find: '', folded: [] };
