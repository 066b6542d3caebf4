import type { Overlong } from '../dataset/seen';
import { factsOf } from '../language/compose';
import type { Judged } from '../language/resolve';
import type { Sheet } from '../config/sheet';
import type { Sampling, Size } from '../dataset/vision';
import { easyr1Seeing } from './easyr1/seeing';
import type { Facts } from './facts';
import type { FrameworkId, Surroundings } from './framework';
import { own } from './own';
import { ownSeeing } from './own/seeing';
import { swiftSeeing } from './swift/seeing';
import { trlSeeing } from './trl/seeing';
import { verlSeeing } from './verl/seeing';
import { frameworks } from './which';

/** What a framework does to a record between the data set and the model. */
export interface Seeing {
  readonly framework: FrameworkId;
  /** The model, as the configuration names it. */
  readonly model?: string;
  /** A file that the question is put into before it becomes a chat. */
  readonly wrapper?: string;
  /** A system prompt that stands before every record without one. */
  readonly system?: string;
  /** What becomes of a prompt that is too long; with pictures or films it may be something else. */
  overlong(withMedia: boolean): Overlong;
  /** A picture before the model's own processor gets it; `factor`: pixels a token is wide. */
  picture?(size: Size, factor: number): Size | string;
  /** Limits of pixels in the place of the model's own. */
  readonly pixels?: { readonly minPixels?: number; readonly maxPixels?: number };
  readonly sampling: Sampling;
  /** In what the preview differs from what the framework does, one sentence each. */
  readonly notes: readonly string[];
}

const ALL: Readonly<Record<FrameworkId, (facts: Facts) => Omit<Seeing, 'framework'>>> = {
  easyr1: easyr1Seeing,
  verl: verlSeeing,
  swift: swiftSeeing,
  trl: trlSeeing,
  own: ownSeeing,
};

/** What a configuration does to its records, with the files that it names. */
export function seeingOf(judged: Judged, around: Surroundings): Seeing {
  const { id } = judged.framework;
  return { framework: id, ...ALL[id](factsOf(judged, around)) };
}

/** What a framework does to records by its defaults. */
export function seeingBy(id: FrameworkId): Seeing {
  const framework = frameworks.find((one) => one.id === id) ?? own;
  return seeingOf({ sheet: EMPTY, framework, catalogue: framework.catalogue }, {});
}

const EMPTY: Sheet = {
  dialect: 'yaml',
  span: { start: 0, end: 0 },
  command: [],
  settings: [],
  environment: [],
  positional: [],
  findings: [],
};
