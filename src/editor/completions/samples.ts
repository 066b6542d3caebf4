import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { Sending } from '../../contributions';
import type { ExportFormat } from '../../domain/rollouts/export';
import { Problem } from '../../domain/problem';
import type { TableProtocol } from '../../wire/completionsPanel';
import type { Called } from '../../wire/wire';
import type { Guard } from '../guard';

type Table = Called<TableProtocol>;

const ENDINGS: Readonly<Record<ExportFormat, string>> = { jsonl: 'jsonl', csv: 'csv', markdown: 'md' };

/** Asks where to, and lets the thread write the rows there; null where the user thinks better of it. */
export async function exportRows(
  table: Table,
  path: string,
  { view, format }: { readonly view: number; readonly format: ExportFormat },
): Promise<{ readonly rows: number } | null> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path);
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `completions.${ENDINGS[format]}`),
    saveLabel: 'Export',
  });
  if (!file) return null;
  return table.ask('save', { view, format, file: file.fsPath });
}

/** Puts a view's rows, groups and all, into a cell of a notebook. */
export async function rowsToNotebook(table: Table, path: string, view: number): Promise<{ readonly rows: number }> {
  const name = nameOf(path);
  const file = join(tmpdir(), `grpo-lens-${randomUUID()}.jsonl`);
  try {
    const written = await table.ask('save', { view, format: 'jsonl', file });
    const samples = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
    await vscode.commands.executeCommand('grpoLens.sendToNotebook', { name, samples } satisfies Sending);
    return written;
  } finally {
    await vscode.workspace.fs.delete(vscode.Uri.file(file));
  }
}

/** What people call the run of a folder or file. */
export function nameOf(path: string): string {
  return basename(path.replace(/[\\/](output|completions)[\\/]?$/, ''));
}

const LINK = '/completions';

interface Linked {
  readonly path: string;
  /** Where that is, if not here. */
  readonly target: string | undefined;
}

/** A link that opens this row in a colleague's editor, where the same folder can be reached. */
export async function copyLink({ path, target }: Linked, row: number): Promise<null> {
  const place = { source: path, ...(target === undefined ? {} : { target }) };
  const query = new URLSearchParams({ ...place, query: `row=${row}` });
  await vscode.env.clipboard.writeText(`${vscode.env.uriScheme}://grpo-lens.grpo-lens${LINK}?${query.toString()}`);
  void vscode.window.setStatusBarMessage('Link copied', 3000);
  return null;
}

/** Opens links to samples, after asking: a link may come from anywhere. */
export function linkHandler(show: (path: string, query?: string, target?: string) => void, guard: Guard): Disposable {
  const handle = async (uri: vscode.Uri): Promise<void> => {
    const link = new URLSearchParams(uri.query);
    const source = link.get('source');
    const target = link.get('target') ?? undefined;
    if (uri.path !== LINK || source === null) {
      throw new Problem({ code: 'bad-input', message: 'This link leads to nothing in GRPO Lens.' });
    }
    const detail = target === undefined ? source : `${source} on ${target}`;
    const open = { label: '$(open-preview) Open these completions', detail };
    const title = 'A link leads to completions. Open them?';
    const chosen = await vscode.window.showQuickPick([open], { title, ignoreFocusOut: true });
    if (chosen === open) show(source, link.get('query') ?? undefined, target);
  };
  return vscode.window.registerUriHandler({ handleUri: guard.wrap('a link', handle) });
}

const SCHEME = 'grpo-sample';
const texts = new Map<string, string>();
/** Texts kept for open comparisons; the oldest goes first. */
const MOST_TEXTS = 40;

/** Gives the texts of compared samples to the editor. */
export function sampleTexts(): Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? 'This sample is no longer at hand.',
  });
}

/** Opens two samples in the editor's own diff. */
export async function compareSamples(
  table: Table,
  path: string,
  { left, right }: { readonly left: number; readonly right: number },
): Promise<null> {
  const [a, b] = [await textOf(table, path, left), await textOf(table, path, right)];
  await vscode.commands.executeCommand('vscode.diff', a, b, `${basename(path)}: row ${left} ↔ row ${right}`);
  return null;
}

/** The sample that was taken aside, to be set against another of any step and any run. */
export class Aside {
  #taken: { readonly uri: vscode.Uri; readonly name: string } | undefined;

  async against(table: Table, path: string, row: number): Promise<null> {
    const now = { uri: await textOf(table, path, row), name: `${nameOf(path)}: row ${row}` };
    const before = this.#taken;
    if (before && before.uri.toString() !== now.uri.toString()) {
      this.#taken = undefined;
      await vscode.commands.executeCommand('vscode.diff', before.uri, now.uri, `${before.name} ↔ ${now.name}`);
      return null;
    }
    this.#taken = now;
    const message = `${now.name} is taken: choose “against” on another completion, of any step or run.`;
    void vscode.window.setStatusBarMessage(message, 10_000);
    return null;
  }
}

async function textOf(table: Table, path: string, row: number): Promise<vscode.Uri> {
  const { samples } = await table.ask('detail', { row });
  const text = samples.find((sample) => sample.row === row)?.text ?? '';
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `${path}/row-${row}.txt` });
  texts.set(uri.toString(), text);
  const oldest = texts.keys().next();
  if (texts.size > MOST_TEXTS && !oldest.done) texts.delete(oldest.value);
  return uri;
}
