import * as vscode from 'vscode';
import type { Chore, ChoreField } from '../domain/chore';
import { chores } from '../domain/frameworks/chores';
import { choreText, choreWish } from '../machine/chores/wish';
import type { Runs } from '../machine/runs';
import type { Targets } from '../machine/targets';

export interface ChoreRoom {
  readonly runs: Runs;
  readonly targets: Targets;
  /** The extension's own folder `python`. */
  readonly home: string;
}

/** Asks which chore and what it needs, shows what will run, and starts it as a run. */
export async function runChore({ runs, targets, home }: ChoreRoom, id?: string): Promise<void> {
  const chore = chores.find((one) => one.id === id) ?? (await askChore());
  const values = chore && (await askFields(chore));
  const target = values && (await askTarget(targets));
  if (!chore || !values || target === undefined) return;
  const cwd = target === 'here' ? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath : undefined;
  const wish = await choreWish(chore, values, { target, cwd: cwd ?? '~', python: 'python3', home });
  const detail = choreText(chore, wish);
  const question = `${chore.title} on ${target}?`;
  if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, 'Start')) !== 'Start') return;
  const { run } = await runs.launch(wish);
  await vscode.commands.executeCommand('grpoLens.openRun', run.id);
}

async function askChore(): Promise<Chore | undefined> {
  const items = chores.map((chore) => ({ label: chore.title, chore }));
  return (await vscode.window.showQuickPick(items, { title: 'What shall be done?' }))?.chore;
}

async function askFields(chore: Chore): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = {};
  for (const field of chore.fields) {
    const value = await askField(chore, field);
    if (value === undefined) return undefined;
    values[field.name] = value;
  }
  return values;
}

async function askField(chore: Chore, field: ChoreField): Promise<string | undefined> {
  const title = `${chore.title}: ${field.asks}`;
  if (field.choices) return vscode.window.showQuickPick(field.choices, { title });
  return vscode.window.showInputBox({
    title,
    prompt: field.optional ? 'May be left empty.' : '',
    placeHolder: field.example,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' && !field.optional ? 'This is needed.' : undefined),
  });
}

async function askTarget(targets: Targets): Promise<string | undefined> {
  const names = (await targets.all()).map(({ name }) => name);
  return names.length < 2 ? 'here' : vscode.window.showQuickPick(names, { title: 'On which host?' });
}
