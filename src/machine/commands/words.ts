import { diagnose } from '../../domain/runs/diagnosis';
import { onTarget, undetachedWords } from '../../domain/runs/hostWords';
import type { Run } from '../../domain/runs/run';
import type { Started } from '../runs/runs';

/** A table with columns as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Seconds as people say them: `42 s`, `3 min 20 s`, `2 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** How long a run has run, or ran. */
export function age({ startedAt, endedAt, state, facts }: Run): string {
  if (startedAt === undefined || facts.adopted) return '';
  if (endedAt !== undefined) return duration(endedAt - startedAt);
  return state === 'running' ? duration(Date.now() / 1000 - startedAt) : '';
}

/** The state with its exit status, where that says more. */
export function stateWords({ state, facts }: Run): string {
  if (facts.adopted) return `${state} (adopted)`;
  const says = facts.scheduler?.says;
  if (says !== undefined) return `${state}: ${says}`;
  return state === 'failed' || state === 'stopped' ? `${state} (${facts.exit ?? '?'})` : state;
}

/** Bytes of a log's end that tell why a run failed. */
export const WHY_BYTES = 32_768;

/** Why a run failed, what to do about it and where, by the end of its log; nothing of a run that did not fail. */
export function whyWords({ state, facts }: Run, tail: string): string[] {
  const found = state === 'failed' ? diagnose(tail, { exit: facts.exit, stopAsked: facts.stopAsked }) : undefined;
  if (!found) return [];
  const { title, advice, place } = found;
  return [title, advice, ...(place ? [`${place.path}:${place.line}`] : [])];
}

/** What is said after a start; the warning where the run hangs from us nevertheless. */
export function startedWords(started: Started): string {
  const { run, how } = started;
  const began = started.already ? 'there already, so nothing was started' : `started by ${how} ${onTarget(run.target)}`;
  const lines = [`${run.id}: ${stateWords(run)}, ${began}`, `  ${run.folder}`];
  const warning = undetachedWords(run.id, started);
  if (warning !== undefined) lines.push(`  ${warning}`);
  return lines.join('\n');
}
