import { advisories, firstVerdict } from '../../domain/runs/advisory';
import { diagnose } from '../../domain/runs/diagnosis';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { frameworkOfLog, settingsFor } from '../../domain/frameworks/mend';
import type { Run } from '../../domain/runs/run';
import type { Note } from '../../wire/runPanel';
import type { RunMetrics } from './metrics';

/** Steps up to which the first one is still news. */
const EARLY = 10;

/** What a run's owner should know now. `tail`: the end of its newest log, looked at only where it has ended. */
export async function notesOf(run: Run, metrics: RunMetrics, tail: () => Promise<string>): Promise<Note[]> {
  const ended = run.state === 'failed' || run.state === 'unknown' ? await tail() : undefined;
  const curve = (name: string): ReturnType<typeof metrics.curves.get> => metrics.curves.get(name);
  const warnings = advisories(curve).map(({ title, advice }): Note => ({ kind: 'warning', title, advice }));
  const verdict = run.state === 'running' && metrics.step <= EARLY ? firstVerdict(curve) : undefined;
  return [
    ...(ended === undefined ? [] : diagnosed(run, ended)),
    ...warnings,
    ...(verdict === undefined ? [] : [{ kind: 'info', title: verdict } as const]),
  ];
}

function diagnosed({ facts, launch }: Run, tail: string): Note[] {
  const found = diagnose(tail, { exit: facts.exit, stopAsked: facts.stopAsked });
  if (!found) return [];
  const { title, advice, evidence, place, needs } = found;
  const framework: FrameworkId | undefined = launch?.framework ?? frameworkOfLog(tail);
  const settings = framework === undefined ? [] : settingsFor(needs, framework);
  return [{ kind: 'error', title, advice, settings, ...(evidence ? { evidence } : {}), ...(place ? { place } : {}) }];
}
