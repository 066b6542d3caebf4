import * as vscode from 'vscode';
import { Problem } from '../../domain/problem';
import { rangeOf } from '../places';
import { rowsOf, namesOf, type Pressed } from './whyPressure';

/** Writes weights, in the order of the components, to the configuration; says so in a sentence. Errors: `missing`. */
export async function writeWeights(pressed: Pressed, weights: readonly number[]): Promise<string> {
  const { use } = pressed;
  const names = use?.use.names;
  if (!use || !names) throw missing('No configuration near this file names its rewards, so there is nowhere to write.');
  const components = rowsOf(pressed)?.components ?? [];
  const weightFor = (name: string, at: number): number => {
    const k = components.findIndex((component) => namesOf(pressed, component).includes(name));
    return round(weights[k] ?? use.use.weights?.[at] ?? 1);
  };
  const models = Array.from({ length: use.use.others }, (_, at) => use.use.weights?.[names.length + at] ?? 1);
  const wanted = [...names.map(weightFor), ...models];
  const document = await vscode.workspace.openTextDocument(use.config);
  if (document.isDirty) throw missing(`${use.name} has changes that are not saved: save them first.`);
  const fix = use.use.withWeights?.(wanted);
  if (!fix) throw missing(`${use.name} takes its weights from a variable or another file: change them there.`);
  const edit = new vscode.WorkspaceEdit();
  for (const { span, text } of fix.changes) edit.replace(document.uri, rangeOf(document, span), text);
  await vscode.workspace.applyEdit(edit);
  await document.save();
  return `Weights ${wanted.join(', ')} written to ${use.name}.`;
}

function round(weight: number): number {
  return Number(weight.toFixed(4));
}

function missing(message: string): Problem {
  return new Problem({ code: 'missing', message });
}
