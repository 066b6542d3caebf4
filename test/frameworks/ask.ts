import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a framework answered just now, or why it could not be asked. */
type Asked =
  { readonly lines: string; readonly why?: undefined } | { readonly lines?: undefined; readonly why: string };

/**
 * Asks a framework about new random configurations: `GRPO_LENS_VERL` names a check-out at the catalogue's commit,
 * `GRPO_LENS_ORACLE_PYTHON` a Python that has what it requires.
 */
export function ask(framework: string, count: number): Asked {
  const variable = `GRPO_LENS_${framework.toUpperCase()}`;
  const folder = process.env[variable];
  if (folder === undefined) return { why: `not asked now, ${variable} names no check-out` };
  const python = process.env['GRPO_LENS_ORACLE_PYTHON'] ?? 'python3';
  const script = fileURLToPath(new URL(`oracle/${framework}.py`, import.meta.url));
  const seed = String(Date.now() % 1_000_000);
  const ran = spawnSync(python, [script, String(count), seed, folder], { encoding: 'utf8', timeout: 250_000 });
  const last = ran.stderr.trim().split('\n').pop() ?? '';
  if (ran.status !== 0 || ran.stdout.trim() === '') return { why: `could not be asked: ${ran.error?.message ?? last}` };
  return { lines: ran.stdout };
}
