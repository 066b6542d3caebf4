import type { AdvantageVariant } from '../advantage';
import type { Finding } from '../finding';
import type { Catalogue } from '../parameter';
import type { Sheet } from '../sheet';

/** Every framework there is; `own` is a trainer of the user's. */
export const frameworkIds = ['easyr1', 'verl', 'swift', 'trl', 'own'] as const;

export type FrameworkId = (typeof frameworkIds)[number];

/** What the checks may know beyond the sheet. */
export interface Surroundings {
  readonly gpus?: number;
  /** Text of a file named in the sheet, where it can be read. */
  readonly file?: (path: string) => string | undefined;
}

/** A point of a run's metrics: names as the framework writes them. */
export interface MetricLine {
  readonly step?: number;
  /** Steps in all, where the line tells. */
  readonly steps?: number;
  readonly values: Readonly<Record<string, number>>;
}

/** How a framework's reward files, logs, completions and configurations look. One file per framework. */
export interface Framework {
  readonly id: FrameworkId;
  /** For people: `ms-swift`. */
  readonly name: string;
  readonly catalogue: Catalogue;
  /** 0: not this framework's; the highest of all frameworks wins. */
  isIn(sheet: Sheet): number;
  /** Rules between parameters; keys by themselves are checked by `language`. */
  rules(sheet: Sheet, catalogue: Catalogue, around: Surroundings): Finding[];
  /** Points in one line of its standard output or log; undefined for every other line. */
  metric(line: string): MetricLine | undefined;
  /** Advantage formulas it offers, the default first. */
  readonly advantages: readonly AdvantageVariant[];
}
