import { basename } from 'node:path';
import * as vscode from 'vscode';
import { languageOf, languages, readDocument } from '../../domain/dialects/all';
import { judge } from '../../domain/frameworks/which';
import { composed } from '../../domain/language/composed';
import { factsOf } from '../../domain/language/compose';
import type { Judged } from '../../domain/language/resolve';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { isSecret, REDACTED } from '../../domain/secret';
import { configurationOf } from '../../machine/config/configuration';
import type { KnownRuns } from '../../machine/runs/known';
import { fileReader } from '../../machine/config/lint';
import { FOREIGN } from '../places';
import type { RunTree } from '../runs/runs';

/** Another configuration to hold one against. */
interface Other extends vscode.QuickPickItem {
  /** What it comes to, a line each; empty where it tells the settings of no training. */
  readonly text: () => Promise<string>;
}

const MOST = 200;

/** Asks for another script or a past run; undefined where the user thinks better of it. */
export async function askOther(
  document: vscode.TextDocument,
  tree: RunTree,
  known: KnownRuns,
): Promise<Other | undefined> {
  const found = await vscode.workspace.findFiles('**/*.{sh,bash,yaml,yml}', FOREIGN, MOST);
  const scripts = (await Promise.all(found.filter((uri) => uri.path !== document.uri.path).map(scriptAt))).flat();
  const runs = (await tree.all()).map(({ run }): Other => ({
    label: `$(history) ${run.name}`,
    description: run.state,
    detail: run.folder,
    text: () => textOfRun(run, known),
  }));
  return vscode.window.showQuickPick([...scripts, ...runs], {
    title: 'Compare with which script or run?',
    matchOnDetail: true,
  });
}

/** What was composed when the run was started, where that was kept, else what its files say now. */
async function textOfRun(run: Run, known: KnownRuns): Promise<string> {
  const kept = Object.entries(run.launch?.settings ?? {});
  if (kept.length > 0) return [`# ${run.name}, as composed at its start`, ...kept.map(line).sort()].join('\n');
  const texts = await configurationOf(run, known.disk(run));
  const judged = texts.flatMap(({ name, text }) =>
    judgedIn(name.startsWith('command') ? 'shellscript' : languageOf(name), text),
  );
  return comparable(judged, `${run.folder}/x`);
}

/** A setting whole, however long: what differs may stand at its end. */
function line([path, value]: readonly [string, unknown]): string {
  if (value === undefined || value === null) return `${path}: none or unknown`;
  return `${path}: ${typeof value === 'string' && isSecret(path, value) ? REDACTED : JSON.stringify(value)}`;
}

async function scriptAt(uri: vscode.Uri): Promise<Other[]> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  const judged = judgedIn(languageOf(uri.path), new TextDecoder().decode(bytes));
  if (judged.length === 0) return [];
  const detail = vscode.workspace.asRelativePath(uri);
  return [
    { label: `$(file) ${basename(uri.path)}`, detail, text: () => Promise.resolve(comparable(judged, uri.fsPath)) },
  ];
}

function judgedIn(language: string | undefined, text: string): Judged[] {
  if (language === undefined || !languages.includes(language)) return [];
  return readDocument(language, text, undefined).sheets.flatMap((sheet) => judge(sheet) ?? []);
}

/** Settings with defaults, a line each in the order of their names, so that two of them can be compared. */
export function comparable(judged: readonly Judged[], place: string): string {
  return judged
    .slice(0, 1)
    .flatMap((one) => {
      const facts = factsOf(one, { file: fileReader(place) });
      const lines = composed(facts, false).map(({ path, value }) => line([path, value]));
      return [`# ${one.framework.name} ${one.catalogue.version}`, ...lines.sort()];
    })
    .join('\n');
}

/** The first settings of the other one; throws a `Problem` where it holds none. */
export async function textOfOther(other: Other): Promise<string> {
  const text = await other.text();
  if (text !== '') return text;
  throw new Problem({
    code: 'missing',
    message: `Nothing at ${other.detail ?? other.label} tells the settings of a training.`,
  });
}
