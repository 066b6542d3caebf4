import * as vscode from 'vscode';
import { hostHas, hostLacks } from '../../domain/runs/hostWords';
import { Problem } from '../../domain/problem';
import type { Runs } from '../../machine/runs/runs';
import type { Target, Targets } from '../../machine/hosts/targets';

export interface Where {
  readonly runs: Runs;
  readonly targets: Targets;
}

interface Choice extends vscode.QuickPickItem {
  /** Absent: another host shall be added. */
  readonly target?: string;
}

const ANOTHER: Choice = { label: '$(add) Another SSH host…', alwaysShow: true };

/** The target on which something shall run; with one there is nothing to ask. */
export async function whereToRun(where: Where, usual?: string): Promise<string | undefined> {
  return (await where.targets.all()).length < 2 ? 'here' : askWhere(where, usual);
}

/** Asks on which target, `usual` first, each with what it has and lacks as soon as it has said so; none waits for another. */
export async function askWhere({ runs, targets }: Where, usual = 'here'): Promise<string | undefined> {
  const known = await targets.all();
  const all = [...known.filter(({ name }) => name === usual), ...known.filter(({ name }) => name !== usual)];
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = 'Where shall it run?';
  const items = new Map(all.map((target) => [target.name, itemOf(target, '$(loading~spin) asking…')]));
  const show = (): void => {
    const active = pick.activeItems[0]?.label;
    pick.items = [...items.values(), ANOTHER];
    // The first one, where the pick has not yet told which it is: Enter must never find none.
    pick.activeItems = [pick.items.find(({ label }) => label === active) ?? pick.items[0]].flatMap(
      (item) => item ?? [],
    );
  };
  show();
  for (const target of all)
    void told(runs, target).then((detail) => {
      items.set(target.name, itemOf(target, detail));
      show();
    });
  const chosen = await new Promise<Choice | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0] ?? pick.activeItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  if (chosen !== ANOTHER) return chosen?.target;
  return vscode.commands.executeCommand<string | undefined>('grpoLens.addTarget');
}

function itemOf({ name, settings }: Target, detail: string): Choice {
  const description = settings.ssh === undefined ? 'this machine' : `ssh ${settings.ssh}`;
  return { label: name, description, detail, target: name };
}

async function told(runs: Runs, { name }: Target): Promise<string> {
  try {
    const info = await runs.host(name);
    const lacks = hostLacks(info, undefined);
    return lacks.length > 0 ? `${hostHas(info)} — $(warning) ${lacks.join(', ')}` : hostHas(info);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `$(error) ${error.message}`;
  }
}
