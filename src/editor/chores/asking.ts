import * as vscode from 'vscode';
import type { Chore, ChoreField, FieldKind } from '../../domain/runs/chore';
import { savedSteps } from '../../machine/chores/steps';
import type { Runs } from '../../machine/runs/runs';
import type { Targets } from '../../machine/hosts/targets';
import { choose, type Offer } from './choosing';

export interface Asking {
  readonly runs: Runs;
  readonly targets: Targets;
  readonly target: string;
  /** What is known already, such as a file that the command was called on. */
  readonly given: Readonly<Record<string, string>>;
}

/** Asks for each field that people are asked for; undefined where the user gives up. */
export async function askFields(chore: Chore, asking: Asking): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = { ...asking.given };
  for (const field of chore.fields.filter(({ rare, name }) => !rare && values[name] === undefined)) {
    const value = await askField(chore, field, asking);
    if (value === undefined) return undefined;
    values[field.name] = value;
  }
  return values;
}

async function askField(chore: Chore, field: ChoreField, asking: Asking): Promise<string | undefined> {
  const offers = field.choices?.map((value) => ({ value })) ?? (await offersFor(field.kind, asking));
  return choose({
    title: `${chore.title}: ${field.asks}`,
    offers,
    placeholder: field.example,
    optional: field.optional === true,
    closed: field.choices !== undefined || field.kind === 'host',
    browse: asking.target === 'here' && (field.kind === 'folder' || field.kind === 'model'),
  });
}

/** Files of the workspace that a field of this kind mostly means. */
const FILES: Partial<Record<FieldKind, string>> = {
  recipe: '**/*{prepare,recipe}*.json',
  pipeline: '**/*pipeline*.json',
  dataset: '**/*.{jsonl,parquet}',
  reward: '**/{*reward*,plugin}.py',
};

async function offersFor(kind: FieldKind | undefined, asking: Asking): Promise<readonly Offer[]> {
  if (kind === 'host') return hosts(asking.targets);
  if (kind === 'checkpoint') return checkpoints(asking);
  const pattern = kind && FILES[kind];
  if (pattern === undefined || (kind === 'dataset' && asking.target !== 'here')) return [];
  const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,output,.*}/**', 50);
  return found.map(({ fsPath }) => ({ value: fsPath, label: vscode.workspace.asRelativePath(fsPath) }));
}

async function hosts(targets: Targets): Promise<readonly Offer[]> {
  const all = await targets.all();
  return all.flatMap(({ name, settings }) =>
    settings.ssh === undefined ? [] : [{ value: name, description: settings.ssh }],
  );
}

/** Steps of the runs on this target, each with the rewards that it had. */
async function checkpoints({ runs, target }: Asking): Promise<readonly Offer[]> {
  const { runs: known } = await runs.list(target);
  const saved = await savedSteps(runs, known);
  return saved.map(({ run, step, path, rewards }) => ({
    value: path,
    label: `step ${step}`,
    description: run,
    detail: Object.entries(rewards)
      .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
      .join(' · '),
  }));
}

/** The name of a target; `here` where there is no other. */
export async function askTarget(targets: Targets): Promise<string | undefined> {
  const names = (await targets.all()).map(({ name }) => name);
  return names.length < 2 ? 'here' : vscode.window.showQuickPick(names, { title: 'On which host?' });
}
