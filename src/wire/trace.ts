import * as v from 'valibot';

export const jsonScore = v.union([
  v.number(),
  v.picklist(['none', 'nan', 'error', 'unknown', 'withheld', 'inf', '-inf']),
]);
export const place = v.pipe(v.number(), v.integer(), v.minValue(0));

const range = { line: v.number(), col: v.number(), endLine: v.number(), endCol: v.number() };

/** Every sample traced by itself, as Python tells it. */
export const tracedFields = {
  path: v.array(v.number()),
  paths: v.array(v.object({ samples: v.number(), decides: v.nullable(v.number()) })),
  lines: v.array(v.object({ line: v.number(), hit: v.number(), mean: jsonScore })),
  executable: v.array(v.number()),
  branches: v.array(v.object({ ...range, yes: v.number(), no: v.number(), meanYes: jsonScore, meanNo: jsonScore })),
  swallowed: v.array(
    v.object({
      line: v.number(),
      file: v.string(),
      type: v.string(),
      message: v.string(),
      raisedAt: v.number(),
      count: v.number(),
      samples: v.array(place),
      fatal: v.boolean(),
    }),
  ),
  truncated: v.number(),
  shared: v.exactOptional(v.array(v.number())),
};

/** What the plain calls add to it. */
export const checkedFields = {
  check: v.object({
    kind: v.picklist(['per-sample', 'per-group', 'batch', 'order', 'non-deterministic', 'stateful', 'unknown']),
    differs: v.number(),
    example: v.exactOptional(v.object({ sample: place, batch: jsonScore, alone: jsonScore })),
    why: v.exactOptional(v.string()),
    followed: v.exactOptional(v.boolean()),
  }),
  contract: v.array(
    v.object({
      rule: v.string(),
      weight: v.picklist(['error', 'warning', 'hint']),
      line: v.number(),
      text: v.string(),
      /** Of `needs-path`: the folder. */
      path: v.exactOptional(v.string()),
    }),
  ),
  missing: v.array(v.string()),
  ms: v.object({ traced: v.number(), verified: v.number() }),
};
