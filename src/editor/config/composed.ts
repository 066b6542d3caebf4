import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Disposables } from '../../base/disposable';
import { composed, effective } from '../../domain/language/composed';
import { factsOf } from '../../domain/language/compose';
import type { Judged } from '../../domain/language/resolve';
import { show } from '../../domain/language/show';
import { Problem } from '../../domain/problem';
import { isSecret } from '../../domain/secret';
import { memoryOf, type Known } from './configLenses';
import type { Guard } from '../guard';
import type { KnownRuns } from '../../machine/runs/known';
import { askOther, comparable, textOfOther } from './composedDiff';
import type { RunTree } from '../runs/runs';
import { surroundings } from './surroundings';

/** Runs whose settings can be compared with. */
export interface RunsToCompare {
  readonly tree: RunTree;
  readonly runs: KnownRuns;
}

const SCHEME = 'grpo-composed';

/** The command that shows the settings of a document as they will hold, in a read-only document. */
export function composedConfiguration(
  known: Known,
  { tree, runs: runsOfAll }: RunsToCompare,
  guard: Guard,
): Disposables {
  const { documents } = known;
  const owned = new Disposables();
  const texts = new Map<string, string>();
  let compared = 0;
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri>());
  const provideTextDocumentContent = (uri: vscode.Uri): string => texts.get(uri.toString()) ?? '';
  const provider = { onDidChange: changed.event, provideTextDocumentContent };
  owned.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider));
  owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())));
  owned.add(
    guard.command('grpoLens.showComposed', async () => {
      const document = vscode.window.activeTextEditor?.document;
      const judged = document ? documents.read(document).judged : [];
      if (!document || judged.length === 0) throw nothing();
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `${document.uri.path} (composed).yaml` });
      texts.set(uri.toString(), judged.map((one) => describe(one, document, known)).join('\n\n'));
      changed.fire(uri);
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    }),
  );
  owned.add(
    guard.command('grpoLens.compareComposed', async () => {
      const document = vscode.window.activeTextEditor?.document;
      const judged = document ? documents.read(document).judged : [];
      if (!document || judged.length === 0) throw nothing();
      const other = await askOther(document, tree, runsOfAll);
      if (!other) return;
      const side = (name: string, text: string): vscode.Uri => {
        const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name} (composed).yaml`, query: String(compared++) });
        texts.set(uri.toString(), text);
        return uri;
      };
      const theirs = side(other.label.replace(/^\$\(\w+\) /, ''), await textOfOther(other));
      const ours = side(basename(document.uri.path), comparable(judged, document.uri.fsPath));
      const title = `${basename(theirs.path)} ↔ ${basename(ours.path)}`;
      await vscode.commands.executeCommand('vscode.diff', theirs, ours, title);
    }),
  );
  return owned;
}

function nothing(): Problem {
  const message = 'Open a script or a configuration of a training first: there are no settings to compose here.';
  return new Problem({ code: 'bad-input', message });
}

function describe(one: Judged, document: vscode.TextDocument, { runs }: Known): string {
  const memory = memoryOf(one, document, runs)?.lines ?? [];
  const facts = factsOf(one, surroundings(document));
  const { sheet, framework, catalogue } = one;
  const note = (from: string): string => (from === 'text' ? '' : `  # ${from}`);
  return [
    `# ${framework.name} ${catalogue.version}: ${sheet.command.join(' ')}`,
    ...sheet.environment.map(({ name, text = '?' }) => `# environment ${name}=${isSecret(name, text) ? '…' : text}`),
    ...composed(facts, false).map(({ path, value, from }) => `${path}: ${show(value)}${note(from)}`),
    ...Object.entries(effective(facts)).map(([path, value]) => `# so ${path} = ${value}`),
    ...memory.map((line) => `# memory: ${line}`),
  ].join('\n');
}
