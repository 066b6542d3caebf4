import * as v from 'valibot';
import type { Cause } from '../domain/rewards/explained';
import { jsonScore } from './trace';

/** Our outputs in notebooks. Each is whole in itself: it is drawn again without a kernel and without its files. */
export const outputTypes = {
  completions: 'application/vnd.grpo-lens.completions+json',
  rewards: 'application/vnd.grpo-lens.rewards+json',
  run: 'application/vnd.grpo-lens.run+json',
} as const;

export type OutputKind = keyof typeof outputTypes;

/** The version of all three forms that this code writes and reads. */
export const OUTPUT_VERSION = 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const words = v.array(v.object({ word: v.picklist(['none', 'nan', 'error', 'unknown', 'withheld']), count }));

/** How the scores of all samples are spread, not only of those that are shown. */
const distribution = v.object({
  reward: v.string(),
  samples: count,
  /** Absent where there is no number. */
  mean: v.optional(jsonScore),
  least: v.optional(jsonScore),
  greatest: v.optional(jsonScore),
  /** Distinct values, ascending, where they are few. */
  values: v.optional(v.array(v.object({ value: jsonScore, count }))),
  /** Counts of equally wide bins from `least` to `greatest`, where the values are many and finite. */
  bins: v.optional(v.array(count)),
  words,
});

const text = v.object({ text: v.string(), /** Characters of the whole text. */ length: count });

const row = v.object({
  /** Place among all samples, from 0. */
  row: count,
  step: v.nullable(v.number()),
  group: v.nullable(count),
  /** Its row in the source, where that is another. */
  origin: v.optional(count),
  /** Index into `prompts`; null where no prompt was given. */
  prompt: v.nullable(count),
  text: v.string(),
  length: count,
  /** In the order of `rewards`. */
  scores: v.array(jsonScore),
  advantage: jsonScore,
});

const samples = v.object({
  total: count,
  /** Which of them are in here, in words. */
  shown: v.string(),
  rewards: v.array(v.string()),
  distributions: v.array(distribution),
  /** Groups in all, and those whose rewards do not differ; null where the groups are unknown. */
  groups: v.nullable(v.object({ total: count, withoutSignal: count })),
  prompts: v.array(text),
  rows: v.array(row),
});

/** Where something stands: an absolute path on the machine that wrote the output, and a 1-based line. */
const place = v.object({ path: v.string(), line: v.optional(v.number()) });

const version = v.literal(OUTPUT_VERSION);

const completions = v.object({ version, title: v.string(), source: v.optional(place), samples });

/** As in a trace: why a statement was reached, what was not reached, and where its value came from. */
const caught = v.object({ type: v.string(), message: v.string(), raisedAt: v.number(), line: v.optional(v.number()) });

const reason = v.object({
  how: v.picklist(['in', 'guard', 'except']),
  line: v.number(),
  test: v.string(),
  outcome: v.nullable(v.boolean()),
  value: v.optional(v.string()),
  operand: v.optional(v.object({ text: v.string(), value: v.nullable(v.string()) })),
  caught: v.optional(caught),
});

const missed = v.object({
  line: v.number(),
  text: v.string(),
  test: v.string(),
  testLine: v.number(),
  outcome: v.nullable(v.boolean()),
  caught: v.optional(caught),
});

const cause: v.GenericSchema<Cause> = v.object({
  line: v.number(),
  file: v.optional(v.string()),
  function: v.string(),
  text: v.string(),
  value: v.nullable(v.string()),
  because: v.array(reason),
  from: v.array(v.lazy(() => cause)),
  missed: v.array(missed),
}) as v.GenericSchema<Cause>;

const rewards = v.object({
  version,
  reward: v.object({
    name: v.string(),
    place: v.optional(place),
    /** The cell that defines it, and its line there. */
    cell: v.optional(v.string()),
    line: v.optional(v.number()),
  }),
  /** Where the samples came from. */
  source: v.optional(place),
  /** Seconds that all calls took together. */
  seconds: v.number(),
  /** Grouped: one entry per distinct error. `first`: a few of the rows that raised it. */
  errors: v.array(
    v.object({
      type: v.string(),
      message: v.string(),
      line: v.optional(v.number()),
      samples: count,
      first: v.array(count),
    }),
  ),
  /** For some rows, why they have their score: `samples` have the same one. Absent from outputs of before. */
  causes: v.optional(v.array(v.object({ row: count, score: jsonScore, samples: count, why: cause }))),
  samples,
});

const curve = v.object({
  name: v.string(),
  original: v.string(),
  steps: v.array(v.number()),
  values: v.array(jsonScore),
});

const header = v.object({
  name: v.string(),
  state: v.picklist(['queued', 'running', 'succeeded', 'failed', 'stopped', 'unknown']),
  folder: v.string(),
  target: v.string(),
  step: v.optional(v.number()),
  steps: v.optional(v.number()),
  attempts: v.number(),
  changedAt: v.optional(v.number()),
});

const run = v.object({
  version,
  /** When this was looked up, in milliseconds since 1970. */
  taken: v.number(),
  header,
  curves: v.array(curve),
  problems: v.array(v.string()),
});

const forms = { completions, rewards, run };

export type Distribution = v.InferOutput<typeof distribution>;
export type OutputRow = v.InferOutput<typeof row>;
export type OutputSamples = v.InferOutput<typeof samples>;
export type CompletionsOutput = v.InferOutput<typeof completions>;
export type RewardsOutput = v.InferOutput<typeof rewards>;
export type RunOutput = v.InferOutput<typeof run>;

export type ReadOutput =
  | { readonly kind: 'completions'; readonly output: CompletionsOutput }
  | { readonly kind: 'rewards'; readonly output: RewardsOutput }
  | { readonly kind: 'run'; readonly output: RunOutput }
  | { readonly kind: 'unreadable'; readonly why: string };

/** An output of this MIME type, checked; one sentence where it cannot be drawn. Nothing in it is guessed. */
export function readOutput(mime: string, data: unknown): ReadOutput {
  const kind = (Object.keys(outputTypes) as OutputKind[]).find((name) => outputTypes[name] === mime);
  if (kind === undefined) return unreadable(`GRPO Lens does not draw ${mime}.`);
  const stated = v.safeParse(v.object({ version: v.number() }), data);
  if (stated.success && stated.output.version > OUTPUT_VERSION) {
    const { version } = stated.output;
    return unreadable(
      `This output has version ${version}, and this GRPO Lens reads version ${OUTPUT_VERSION}. Update the extension to see it.`,
    );
  }
  const read = v.safeParse(forms[kind], data);
  if (read.success) return { kind, output: read.output } as ReadOutput;
  const issue = read.issues[0];
  const where = v.getDotPath(issue);
  return unreadable(
    `This output is damaged${where === null ? '' : ` at "${where}"`}: ${issue.message}. Run the cell again.`,
  );
}

function unreadable(why: string): ReadOutput {
  return { kind: 'unreadable', why };
}
