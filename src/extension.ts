import type * as vscode from 'vscode';
import { Disposables } from './base/disposable';
import { registerChores } from './editor/chores/register';
import { CompletionsPanels } from './editor/completions/completionsPanel';
import { registerData } from './editor/data/data';
import { Guard } from './editor/guard';
import { registerHosts, sshSettings } from './editor/runs/hosts';
import { chooseInterpreter } from './editor/config/interpreter';
import { registerConfig } from './editor/config/language';
import { registerLaunch } from './editor/runs/launch';
import { openLog } from './editor/log';
import { Pages } from './editor/panel';
import { registerRewards } from './editor/rewards/register';
import { registerNotebooks } from './editor/notebook/register';
import { registerSample } from './editor/sample';
import { runActions } from './editor/runs/runActions';
import { RunPanels } from './editor/runs/runPanel';
import { RunStatus } from './editor/runs/runStatus';
import { RunTree } from './editor/runs/runs';
import { ShownTexts } from './editor/runs/scripts';
import { Secrets } from './editor/runs/secrets';
import { KnownRuns } from './machine/runs/known';
import { Runs } from './machine/runs/runs';
import { Targets } from './machine/hosts/targets';

/** Builds each part and hands it to the next; VS Code is silent when activation fails, so we are not. */
export function activate(context: vscode.ExtensionContext): void {
  const owned = new Disposables();
  context.subscriptions.push(owned);
  const guard = new Guard(owned.add(openLog()));
  try {
    build(context, owned, guard);
  } catch (error) {
    guard.report('starting', error);
    throw error;
  }
}

function build(context: vscode.ExtensionContext, owned: Disposables, guard: Guard): void {
  owned.add(guard.command('grpoLens.showLog', () => guard.log.show()));
  owned.add(guard.command('grpoLens.chooseInterpreter', chooseInterpreter));
  const pages = new Pages(context.extensionUri, guard);
  const home = context.asAbsolutePath('python');
  const targets = new Targets({ python: home, sshSettings });
  const runs = owned.add(new Runs(targets));
  const known = new KnownRuns(runs);
  const texts = owned.add(new ShownTexts());
  const tree = owned.add(new RunTree({ runs, targets, known }, guard));
  const room = { runs, targets, tree, texts, known };
  owned.add(new RunPanels(pages, tree, room, guard));
  owned.add(runActions({ ...room, secrets: new Secrets(context.secrets) }, guard));
  owned.add(registerLaunch(room, guard));
  owned.add(registerHosts(room, guard));
  const status = owned.add(new RunStatus(tree, context.globalState));
  owned.add(registerConfig(context, { targets, tree, runs: known }, guard));
  const { rows, sources } = owned.add(registerRewards(context, pages, guard));
  owned.add(new CompletionsPanels(pages, { root: context.extensionUri, memory: context.globalState, rows }, guard));
  owned.add(registerSample(context.extensionUri, guard));
  owned.add(registerNotebooks(context, { ...room, sources }, guard));
  const recipes = context.asAbsolutePath('dist/recipes');
  owned.add(registerData({ pages, recipes, python: home, runs, targets }, guard));
  owned.add(registerChores({ runs, targets, tree, pages, home, status }, guard));
}
