import * as vscode from 'vscode';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { trackerPages } from '../../domain/runs/tracker';
import { diskOf } from '../../machine/disk';
import { RunMetrics } from '../../machine/runs/metrics';
import type { Runs } from '../../machine/runs/runs';

/** How much of a log is looked at, at its beginning and at its end: trackers name their page at both. */
const LOOKED_AT = 1 << 19;

/** Opens the page of wandb or SwanLab that a run's log names; asks where there are several. */
export async function openTracker(runs: Runs, run: Run): Promise<void> {
  const pages = trackerPages(await logOf(runs, run));
  if (pages.length === 0) {
    throw new Problem({ code: 'missing', message: `The log of ${run.name} names no page of wandb or SwanLab.` });
  }
  const items = pages.map(({ tracker, url }) => ({ label: url, description: tracker }));
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: 'Which page?' });
  if (chosen) await vscode.env.openExternal(vscode.Uri.parse(chosen.label, true));
}

async function logOf(runs: Runs, run: Run): Promise<string> {
  const disk = diskOf(runs, run);
  const metrics = new RunMetrics([...new Set([run.folder, ...(run.outputs === undefined ? [] : [run.outputs])])], disk);
  await metrics.refresh();
  const files = [...new Set([...(run.log === undefined ? [] : [run.log]), ...metrics.logs])];
  const parts = files.map(async (file) => {
    const start = await runs.read(run, file, { offset: 0, limit: LOOKED_AT });
    const end =
      start.piece.size > LOOKED_AT ? await runs.read(run, file, { offset: -LOOKED_AT, limit: LOOKED_AT }) : undefined;
    return [start.bytes.toString('utf8'), end?.bytes.toString('utf8') ?? ''].join('\n');
  });
  return (await Promise.all(parts)).join('\n');
}
