import { join } from 'node:path';
import { Problem } from '../../domain/problem';
import { Runs } from '../runs/runs';
import { Targets } from '../hosts/targets';
import type { Output } from './command';

/** Runs for one command; everything is let go when it has ended. */
export async function withRuns<T>(output: Output, use: (runs: Runs) => Promise<T>): Promise<T> {
  return withTargets(output, (targets) => use(new Runs(targets)));
}

/** Targets for one command; their connections are let go when it has ended. */
export async function withTargets<T>({ root }: Output, use: (targets: Targets) => Promise<T>): Promise<T> {
  const { GRPO_LENS_PYTHON: interpreter, GRPO_LENS_SSH_CONFIG: sshConfig } = process.env;
  const targets = new Targets({
    python: join(root, 'python'),
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(sshConfig === undefined ? {} : { sshConfig }),
  });
  try {
    return await use(targets);
  } finally {
    targets.dispose();
  }
}

/** Values that are secret are taken from the environment under their names; throws a `Problem` that names what is missing. */
export function secretsFromEnvironment(names: readonly string[]): Record<string, string> {
  const missing = names.filter((name) => process.env[name] === undefined);
  if (missing.length > 0) {
    const message = `Secrets are kept nowhere: set ${missing.join(', ')} in the environment and try again.`;
    throw new Problem({ code: 'missing', message });
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}
