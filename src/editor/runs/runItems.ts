import * as vscode from 'vscode';
import type { Remedy } from '../../domain/problem';
import { onTarget } from '../../domain/runs/hostWords';
import type { RunState } from '../../domain/runs/run';
import type { Listed } from '../../machine/runs/known';

/** A target with what it told last. */
export interface TargetNode {
  readonly target: string;
  readonly runs: readonly Listed[];
  /** It has not answered yet. */
  readonly asking: boolean;
  /** Why it told nothing, and since when, in milliseconds since 1970. */
  readonly problem?: string;
  readonly lostAt?: number;
  readonly remedy?: Remedy;
}

/** The runs of a target in one state. */
interface StateNode {
  readonly of: string;
  readonly state: RunState;
  readonly listed: readonly Listed[];
}

export type Node = TargetNode | StateNode | Listed;

/** What wants attention first. */
const ORDER: readonly RunState[] = ['running', 'queued', 'failed', 'unknown', 'stopped', 'succeeded'];

const ICONS: Readonly<Record<RunState, vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon('clock'),
  running: new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue')),
  succeeded: new vscode.ThemeIcon('pass', new vscode.ThemeColor('charts.green')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground')),
  stopped: new vscode.ThemeIcon('debug-stop'),
  unknown: new vscode.ThemeIcon('question'),
};

/** Groups of more runs than this begin folded, unless they are about what goes on. */
const MANY = 10;

export function childrenOf(node: Node): Node[] {
  if ('run' in node) return [];
  if ('listed' in node) return [...node.listed];
  const { target, runs } = node;
  const groups = ORDER.map((state) => ({ of: target, state, listed: runs.filter(({ run }) => run.state === state) }));
  return groups.filter(({ listed }) => listed.length > 0);
}

export function itemOf(node: Node): vscode.TreeItem {
  if ('run' in node) return runItem(node);
  return 'listed' in node ? stateItem(node) : targetItem(node);
}

function targetItem({ target, runs, asking, problem, lostAt, remedy }: TargetNode): vscode.TreeItem {
  const here = target === 'here';
  const item = new vscode.TreeItem(target, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `target ${target}`;
  const icon = asking ? 'loading~spin' : problem !== undefined ? 'warning' : here ? 'vm' : 'remote';
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = here ? 'target-here' : 'target-ssh';
  const lost = lostAt !== undefined && runs.length > 0 ? `no contact since ${timeOf(lostAt)}: ` : '';
  if (asking) item.description = 'asking…';
  else if (problem !== undefined) item.description = item.tooltip = `${lost}${problem}`;
  else if (runs.length === 0) item.description = 'no runs yet';
  if (remedy === 'log-in')
    item.command = { command: 'grpoLens.connectHost', title: 'Log In in a Terminal', arguments: [target] };
  return item;
}

function stateItem({ of, state, listed }: StateNode): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const folded = listed.length > MANY && state !== 'running' && state !== 'queued';
  const item = new vscode.TreeItem(state, folded ? Collapsed : Expanded);
  item.id = `${state} on ${of}`;
  item.description = String(listed.length);
  item.contextValue = 'state';
  return item;
}

function runItem(listed: Listed): vscode.TreeItem {
  const { run } = listed;
  const item = new vscode.TreeItem(run.name);
  item.id = `${run.target} ${run.id}`;
  item.iconPath = ICONS[run.state];
  item.description = [placeOf(listed), whenOf(run.startedAt)].filter((word) => word !== '').join(' · ');
  item.tooltip = `${describe(listed)}\n${run.folder}`;
  item.contextValue = `${run.launch ? 'run' : 'adopted'}-${run.state}`;
  item.command = { command: 'grpoLens.openRun', title: 'Open Run', arguments: [run.id] };
  item.accessibilityInformation = { label: `${run.name}, ${describe(listed)}, ${onTarget(run.target)}` };
  return item;
}

/** `step 12 of 40`; nothing as long as there is no step. */
function placeOf({ reached }: Listed): string {
  if (!reached || reached.step === 0) return '';
  const { step, steps } = reached;
  return steps === undefined ? `step ${step}` : `step ${step} of ${steps}`;
}

/** `running · step 12 of 40`, as far as it is known. */
export function describe(listed: Listed): string {
  return [listed.run.state, placeOf(listed)].filter((word) => word !== '').join(' · ');
}

function whenOf(startedAt: number | undefined): string {
  if (startedAt === undefined) return '';
  const then = new Date(startedAt * 1000);
  const today = then.toDateString() === new Date().toDateString();
  return today ? timeOf(then.getTime()) : then.toLocaleDateString([], { month: 'short', day: 'numeric' });
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
