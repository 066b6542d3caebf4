import * as v from 'valibot';
import type { Cause } from '../domain/rewards/explained';
import { jsonScore, place } from './trace';

const text = v.string();
const line = v.number();
const value = v.nullable(text);
const outcome = v.nullable(v.boolean());
const range = { line, col: v.number(), endLine: v.number(), endCol: v.number() };

const caught = v.object({ type: text, message: text, raisedAt: line, line: v.exactOptional(line) });

const reason = v.object({
  how: v.picklist(['in', 'guard', 'except']),
  line,
  test: text,
  outcome,
  value: v.exactOptional(text),
  operand: v.exactOptional(v.object({ text, value })),
  caught: v.exactOptional(caught),
});

const missed = v.object({ line, text, test: text, testLine: line, outcome, caught: v.exactOptional(caught) });

const cause: v.GenericSchema<Cause> = v.object({
  line,
  file: v.exactOptional(text),
  function: text,
  text,
  value,
  because: v.array(reason),
  from: v.array(v.lazy(() => cause)),
  missed: v.array(missed),
});

const event = v.object({
  ...range,
  frame: v.number(),
  kind: text,
  statement: line,
  name: v.exactOptional(text),
  value: v.exactOptional(text),
  truth: v.exactOptional(v.boolean()),
  raisedAt: v.exactOptional(line),
  shared: v.exactOptional(v.boolean()),
});

const frame = v.object({
  id: v.number(),
  function: text,
  file: text,
  line,
  parent: v.number(),
  arguments: v.record(v.string(), text),
});

const regex = v.object({
  ...range,
  file: text,
  pattern: text,
  flags: v.array(text),
  method: text,
  text,
  inCompletion: v.number(),
  found: v.boolean(),
  spans: v.array(v.tuple([v.number(), v.number()])),
  stop: v.exactOptional(v.object({ matched: text, at: v.number(), reason: text, fix: v.exactOptional(text) })),
});

/** One sample explained, as Python answers. */
export const explained = v.object({
  row: place,
  score: jsonScore,
  error: v.exactOptional(v.object({ type: text, message: text, line: v.exactOptional(line) })),
  frames: v.array(frame),
  events: v.array(event),
  dropped: v.number(),
  why: v.nullable(cause),
  regexes: v.array(regex),
  together: v.exactOptional(v.number()),
});

/** A row prepared, as Python answers. */
export const prepared = v.object({
  after: v.unknown(),
  error: v.exactOptional(v.object({ type: text, message: text, line: v.exactOptional(line) })),
  frames: v.array(frame),
  events: v.array(event),
  dropped: v.number(),
});

/** Two samples compared, as Python answers. */
export const divergence = v.object({
  row: place,
  other: place,
  score: jsonScore,
  otherScore: jsonScore,
  tests: v.array(
    v.object({
      function: text,
      line,
      test: text,
      outcome,
      otherOutcome: outcome,
      value,
      otherValue: value,
    }),
  ),
  first: v.nullable(v.object({ line, otherLine: line })),
  samePath: v.boolean(),
  values: v.array(v.object({ line, text, value, otherValue: value })),
  change: v.exactOptional(
    v.object({
      hunks: v.array(v.object({ at: place, from: text, to: text })),
      text,
      score: jsonScore,
      calls: v.number(),
      whole: v.boolean(),
    }),
  ),
  noChange: v.exactOptional(text),
});
