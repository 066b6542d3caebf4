import type { AdvantageVariant } from '../rollouts/advantage';
import type { Finding } from '../config/finding';
import type { Catalogue } from '../config/parameter';
import type { Facts } from './facts';
import type { Rule } from './rule';
import type { Setting, Sheet } from '../config/sheet';

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

/** Where a framework's parameters stand in its installed package, and in those of older versions. */
export interface PackageSource {
  /** As Python imports it. */
  readonly package: string;
  /** `module:Class` of the dataclasses that hold the parameters: of each, the places that versions had. */
  readonly roots?: readonly (readonly string[])[];
  /** Files of settings below the package's folder; the first that is there counts. */
  readonly texts?: readonly string[];
}

/** How a framework's configurations, logs and advantages look. One file per framework. */
export interface Framework {
  readonly id: FrameworkId;
  /** For people: `ms-swift`. */
  readonly name: string;
  readonly catalogue: Catalogue;
  /** The package whose version decides, as pip names it. */
  readonly package: string;
  readonly source?: PackageSource;
  /** How much this sheet looks like this framework's: 0 not at all; the highest of all frameworks wins. */
  isIn(sheet: Sheet): number;
  /** Which keys of the sheet are judged: all; none, where another program reads them; or all but unknown ones. */
  judges(sheet: Sheet): 'all' | 'known' | 'none';
  /** What else of a sheet decides how its keys are judged, as one word: sheets of the same word are judged alike. */
  way?(sheet: Sheet): string;
  /** What the framework's own grammar says of a key (Hydra's `+`), in the place of the usual checks. */
  key?(setting: Setting, sheet: Sheet, catalogue: Catalogue): Finding[] | undefined;
  /** The part of the catalogue that this sheet may use. */
  scope?(sheet: Sheet, catalogue: Catalogue): Catalogue;
  /** How its files are read: values become command line words, are taken as they are, or must be of the field's type. */
  readonly reads: 'words' | 'values' | 'types';
  /** Settings that name files whose settings come first. */
  files(sheet: Sheet): readonly Pick<Setting, 'text' | 'key' | 'valueSpan'>[];
  /** Sizes that follow from several settings, where the trainer of `generation_batch_size` does not work them out. */
  sizes?(facts: Facts): Readonly<Record<string, number>>;
  /** Rules between parameters; keys by themselves are checked by `language`. */
  readonly rules: readonly Rule[];
  /** Points in one line of its standard output or log; undefined for every other line. */
  metric(line: string): MetricLine | undefined;
  /** Advantage formulas it offers, the default first. */
  readonly advantages: readonly AdvantageVariant[];
}
