import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import type { Guard } from '../guard';
import type { Pages } from '../panel';
import { registerCellDebugging } from './cellDebugging';
import { CellSamples } from './cellSamples';
import { Consent } from './consent';
import { DEBUGGERS, OWN, registerDebugging } from './debugging';
import { registerDiagnostics } from './diagnostics';
import { ExpectationTests } from './expectationTests';
import { registerFixes } from './fixes';
import { Heat } from './heat';
import { registerLenses } from './lenses';
import { Pythons } from './pythons';
import { RowFunctions } from './rowFunctions';
import { RewardRows } from './rows';
import { Scoring } from './scoring';
import { Selection } from './selection';
import { Sources } from './sources';
import { Uses } from './uses';
import { Values } from './values';
import { WhyPanel } from './whyPanel';

/** The debugger, what tables of completions ask of it, and where samples are. */
export interface RegisteredRewards extends Disposable {
  readonly rows: RewardRows;
  readonly sources: Sources;
}

/** The inline reward debugger, put together. */
export function registerRewards(context: vscode.ExtensionContext, pages: Pages, guard: Guard): RegisteredRewards {
  const owned = new Disposables();
  const cells = owned.add(new CellSamples(context.globalStorageUri, guard));
  const sources = owned.add(new Sources(context.workspaceState, cells));
  const pythons = owned.add(new Pythons(context.extensionUri, guard.log));
  const uses = owned.add(new Uses());
  const consent = owned.add(new Consent(context.workspaceState, guard));
  const scoring = owned.add(new Scoring({ pythons, sources, uses, consent }, guard));
  const selection = owned.add(new Selection(scoring, pythons, guard));
  const rows = owned.add(new RowFunctions({ scoring, pythons, sources, memory: context.workspaceState }, guard));
  owned.add(registerLenses({ scoring, selection, rows }, guard));
  owned.add(new Values(scoring, selection, rows, guard));
  owned.add(new Heat(scoring, context.extensionUri, guard));
  owned.add(registerDiagnostics(scoring));
  owned.add(registerFixes(scoring, uses, guard));
  owned.add(registerDebugging(context, { scoring, selection }, guard));
  owned.add(registerCellDebugging([OWN, ...DEBUGGERS.map(({ type }) => type)]));
  const tests = owned.add(new ExpectationTests(pythons, guard));
  const why = owned.add(new WhyPanel({ scoring, selection, sources, pythons, tests }, pages, guard));
  owned.add(guard.command('grpoLens.chooseSamples', (file) => sources.choose(file ?? activeFile())));
  const table = owned.add(new RewardRows({ scoring, selection, sources, pythons, why }));
  return { rows: table, sources, dispose: () => owned.dispose() };
}

function activeFile(): string {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === 'python') return document.fileName;
  throw new Problem({ code: 'bad-input', message: 'Open the reward file whose samples you want to choose.' });
}
