import * as vscode from 'vscode';
import { hostHas, hostLacks, onTarget } from '../../domain/runs/hostWords';
import { frameworks } from '../../domain/frameworks/which';
import { goingOut } from '../../domain/runs/goingOut';
import type { Wish } from '../../domain/runs/launch';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { Runs } from '../../machine/runs/runs';
import { previewText } from '../../machine/runs/script';
import type { ShownTexts } from './scripts';

/** What a start is shown with. */
export interface Shown {
  readonly runs: Runs;
  readonly texts: ShownTexts;
}

/** The run that it is compared with, where that is not the last of the same name; what the start is called. */
interface Told {
  readonly like?: Run;
  readonly verb?: 'Start' | 'Resume';
}

interface Choice extends vscode.QuickPickItem {
  readonly does: 'start' | 'compare' | 'read' | 'record' | 'offline' | 'nothing';
}

/**
 * Asks before anything starts: the exact script can be read, and compared with that of the last run of the same name;
 * a new run can be recorded. Gives what shall start; undefined where nothing shall.
 */
export async function agreed(
  { runs, texts }: Shown,
  asked: Wish,
  { like, verb = 'Start' }: Told = {},
): Promise<Wish | undefined> {
  const before = lastScript(runs, asked, like);
  const host = hostItem(runs, asked);
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = `${verb} ${asked.name}?`;
  pick.ignoreFocusOut = true;
  let wish = asked;
  try {
    for (;;) {
      const prepared = await runs.preview(wish);
      const offered = { script: prepared.script, before: await before, verb };
      show(pick, choices(wish, offered), host);
      const does = await chosen(pick);
      if (does === undefined) return undefined;
      if (does === 'start') return wish;
      if (does === 'record') wish = { ...wish, record: !wish.record };
      if (does === 'read') await texts.show(`${wish.name.split('/').at(-1)}.script.sh`, previewText(prepared));
      if (does === 'offline') await texts.show('offline.txt', goingOut(wish).join('\n'));
      if (does === 'compare' && offered.before)
        await texts.compare(`${offered.before.id} ↔ what would start now`, offered.before.script, prepared.script);
    }
  } finally {
    pick.dispose();
  }
}

/** The host's item comes when the host has answered. */
function show(pick: vscode.QuickPick<Choice>, items: readonly Choice[], host: Promise<Choice>): void {
  const put = (now: readonly Choice[]): void => {
    const active = pick.activeItems[0]?.does;
    pick.items = now;
    // The first one, where the pick has not yet told which it is: Enter must never find none.
    pick.activeItems = [now.find(({ does }) => does === active) ?? now[0]].flatMap((item) => item ?? []);
  };
  put(items);
  void host.then((item) => {
    if (pick.items.length === items.length && pick.items.every((one, at) => one === items[at])) put([...items, item]);
  });
}

function chosen(pick: vscode.QuickPick<Choice>): Promise<Choice['does'] | undefined> {
  pick.show();
  return new Promise((resolve) => {
    const accept = (): void => {
      const [item] = [...pick.selectedItems, ...pick.activeItems];
      if (item) done(item.does);
    };
    const heard = [pick.onDidAccept(accept), pick.onDidHide(() => done(undefined))];
    const done = (does: Choice['does'] | undefined): void => {
      heard.forEach((one) => one.dispose());
      resolve(does);
    };
  });
}

interface Before {
  readonly id: string;
  readonly script: string;
}

interface Offered {
  readonly script: string;
  readonly before: Before | undefined;
  readonly verb: string;
}

function choices(wish: Wish, { script, before, verb }: Offered): Choice[] {
  const start = {
    label: `$(play) ${verb} ${onTarget(wish.target)}`,
    detail: commandIn(script),
    does: 'start',
  } as const;
  const read = { label: '$(eye) Read the script first', does: 'read' } as const;
  const more = [...(verb === 'Start' ? [recordItem(wish)] : []), read, ...offlineItem(wish)];
  if (!before) return [start, ...more];
  const changes = changedLines(before.script, script);
  const words =
    changes === 0 ? 'the very same script' : `${changes} ${changes === 1 ? 'line differs' : 'lines differ'}`;
  const compare = {
    label: '$(diff) Compare with the last run of it',
    description: `${words} · ${before.id}`,
    does: 'compare',
  } as const;
  return [start, compare, ...more];
}

/** A script that sets the variable anew takes away the way in which a run is recorded. */
const OWN_PATH = /\bPYTHONPATH=(?![^\n]*\$\{?PYTHONPATH)/;

function recordItem({ record, command }: Wish): Choice {
  const lost = command.some((word) => OWN_PATH.test(word));
  return {
    label: record
      ? '$(pass-filled) Recorded: every completion beside its rewards'
      : '$(circle-large) Record completions',
    detail: lost
      ? '$(warning) The script sets PYTHONPATH anew: nothing is recorded unless it keeps $PYTHONPATH.'
      : 'What each reward saw and gave, whatever the trainer keeps; at most 1 GiB a process, never in the way of the training.',
    does: 'record',
  };
}

/** Only the user knows whether a host is offline: what would go out of it is said, and hinders nothing. */
function offlineItem(wish: Wish): Choice[] {
  const places = wish.target === 'here' ? [] : goingOut(wish);
  if (places.length === 0) return [];
  const count = places.length === 1 ? 'one place' : `${places.length} places`;
  const label = `$(globe) Without a network there, ${count} would not work`;
  return [{ label, detail: places.slice(0, 2).join(' '), does: 'offline' }];
}

/** Lines that stand in one of the two only. */
function changedLines(before: string, after: string): number {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone = old.filter((line) => !now.includes(line)).length;
  return Math.max(gone, now.filter((line) => !old.includes(line)).length);
}

/** What the host has and lacks, as it says itself. */
async function hostItem(runs: Runs, wish: Wish): Promise<Choice> {
  try {
    const info = await runs.host(wish.target);
    const wanted = frameworks.find(({ id }) => id === wish.framework)?.package;
    const lacks = hostLacks(info, wanted);
    const label =
      lacks.length > 0 ? `$(warning) ${wish.target}: ${lacks.join(', ')}` : `$(check) ${wish.target} is ready`;
    return { label, detail: hostHas(info), does: 'nothing' };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { label: `$(error) ${error.message}`, does: 'nothing' };
  }
}

/** The script of the last run of the same name, wherever that is known without asking other targets. */
async function lastScript(runs: Runs, wish: Wish, like: Run | undefined): Promise<Before | undefined> {
  try {
    const last = like ?? (await runs.list(wish.target)).runs.find(({ launch }) => launch?.name === wish.name);
    if (!last || last.attempts === 0) return undefined;
    const { bytes } = await runs.read(last, `${last.folder}/attempts/${last.attempts}/script.sh`);
    return { id: last.id, script: bytes.toString('utf8') };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** What the script does at its end, on one line: without the lines that only prepare it. */
function commandIn(script: string): string {
  const lines = script.split('\n').filter((line) => !/^(#!|cd -- |export )/.test(line));
  return lines.join(' ').replace(/\s+/g, ' ').trim().slice(0, 300);
}
