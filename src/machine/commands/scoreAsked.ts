import { resolve } from 'node:path';
import { misuse, parse } from './command';

export const usage =
  'score FILE.py[:NAME]|NAME [--config FILE] --samples RUN [--dataset FILE] [--against COMMIT|FILE.py] [--expect FILE.expect.jsonl] [--python PYTHON] [--timeout SECONDS] [--json]';

/** What `grpo score` was asked for. */
export interface Asked {
  /** A reward file, or the name of a reward that a framework knows; undefined: those that `config` names. */
  readonly path?: string;
  readonly name?: string;
  /** A training's script or configuration, which tells rewards, keywords and arguments. */
  readonly config?: string;
  /** There are some, or expectations, or both. */
  readonly samples?: string;
  readonly dataset?: string;
  /** A commit or another file, whose scores these are compared with. */
  readonly against?: string;
  readonly expect?: string;
  readonly python: string;
  readonly timeout: number;
  readonly json: boolean;
}

export function askedOf(args: readonly string[]): Asked {
  const { values, positionals } = parse(usage, args, {
    samples: { type: 'string' },
    config: { type: 'string' },
    dataset: { type: 'string' },
    against: { type: 'string' },
    expect: { type: 'string' },
    python: { type: 'string' },
    timeout: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [target, ...more] = positionals;
  if ((target === undefined && values.config === undefined) || more.length > 0)
    throw misuse(usage, 'One reward file is needed');
  if (target === undefined && (values.against !== undefined || values.expect !== undefined))
    throw misuse(usage, '--against and --expect need a reward file');
  if (values.samples === undefined && (values.expect === undefined || values.against !== undefined))
    throw misuse(usage, 'The option --samples is missing');
  const [, file = target, name] = /^(.+):([A-Za-z_]\w*)$/.exec(target ?? '') ?? [];
  const timeout = Number(values.timeout ?? 60);
  if (!(timeout > 0)) throw misuse(usage, `--timeout ${values.timeout} is no number of seconds`);
  return {
    ...(file === undefined ? {} : { path: resolve(file) }),
    ...(values.config === undefined ? {} : { config: resolve(values.config) }),
    ...(name === undefined ? {} : { name }),
    ...(values.samples === undefined ? {} : { samples: resolve(values.samples) }),
    ...(values.dataset === undefined ? {} : { dataset: resolve(values.dataset) }),
    ...(values.against === undefined ? {} : { against: values.against }),
    ...(values.expect === undefined ? {} : { expect: resolve(values.expect) }),
    python: values.python ?? process.env['GRPO_LENS_PYTHON'] ?? 'python3',
    timeout,
    json: values.json ?? false,
  };
}
