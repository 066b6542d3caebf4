import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../../domain/problem';
import { EMPTY_RECIPE, formOfRecipe, recipeText, type RecipeForm } from '../../domain/recipeForm';
import { previewRecipe, readRecipe, writeRecipe } from '../../machine/chores/recipePreview';
import { preparePanelGuards, type PreparePanel } from '../../wire/preparePanel';
import { interpreter } from '../interpreter';
import type { Pages } from '../panel';
import { runChore, type ChoreRoom } from './running';

/** The form that maps folders and annotations to records, with its live preview. The recipe is its file. */
export async function prepareDataset(room: ChoreRoom & { readonly pages: Pages }, file: string): Promise<void> {
  const before = (await readRecipe(file)) ?? '';
  const form = before === '' ? { ...EMPTY_RECIPE, data_root: dirname(file) } : formOfRecipe(before);
  if (typeof form === 'string') throw new Problem({ code: 'bad-input', message: `${file}: ${form}` });
  const panel = vscode.window.createWebviewPanel('grpoLens.prepare', 'Prepare Dataset', vscode.ViewColumn.Active, {});
  const page = new RecipePage(room, { file, before, panel }, form);
  panel.onDidDispose(() => page.stop());
  const roots = [form.data_root, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath)];
  room.pages.fill<PreparePanel>(
    panel,
    {
      bundle: 'prepare',
      guards: preparePanelGuards,
      methods: {
        hello: () => ({ file, form: page.draft }),
        preview: ({ form: now }) => page.preview(now),
        save: ({ form: now }) => page.save(now),
        run: ({ form: now }) => page.run(now),
      },
    },
    roots.filter((root) => isAbsolute(root)).map((root) => vscode.Uri.file(root)),
  );
}

interface Opened {
  readonly file: string;
  readonly before: string;
  readonly panel: vscode.WebviewPanel;
}

class RecipePage {
  #running = new AbortController();

  /** `draft`: the form as it was last seen, for a page that VS Code threw away. */
  constructor(
    private readonly room: ChoreRoom,
    private readonly opened: Opened,
    public draft: RecipeForm,
  ) {}

  async preview(form: RecipeForm): ReturnType<typeof previewRecipe> {
    this.draft = form;
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const root = this.#rootOf(form);
    this.#allow(root);
    const { webview } = this.opened.panel;
    return previewRecipe({
      recipe: recipeText(form, this.opened.before),
      root,
      python: await interpreter(),
      home: this.room.home,
      sourceOf: (path) => webview.asWebviewUri(vscode.Uri.file(path)).toString(),
      signal,
    });
  }

  async save(form: RecipeForm): Promise<{ file: string }> {
    await writeRecipe(this.opened.file, recipeText(form, this.opened.before));
    return { file: this.opened.file };
  }

  async run(form: RecipeForm): Promise<{ file: string }> {
    const saved = await this.save(form);
    void runChore(this.room, 'prepare', { values: { recipe: this.opened.file, data_root: '', output: '' } });
    return saved;
  }

  stop(): void {
    this.#running.abort();
  }

  #rootOf({ data_root }: RecipeForm): string {
    return data_root === '' || isAbsolute(data_root) ? data_root : join(dirname(this.opened.file), data_root);
  }

  /** Pictures of a folder that was only now named may be shown too; a change of the roots loads the page anew. */
  #allow(root: string): void {
    const { webview } = this.opened.panel;
    const roots = webview.options.localResourceRoots ?? [];
    const known = roots.some(({ fsPath }) => root === fsPath || root.startsWith(`${fsPath}/`));
    if (isAbsolute(root) && !known) {
      webview.options = { ...webview.options, localResourceRoots: [...roots, vscode.Uri.file(root)] };
    }
  }
}

/** The recipe that was named, or a new or known one that is asked for. */
export async function askRecipe(): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles('**/*{prepare,recipe}*.json', '**/{node_modules,.*}/**', 50);
  const fresh = { label: '$(new-file) New recipe…', path: undefined };
  const items = [
    fresh,
    ...found.map(({ fsPath }) => ({ label: vscode.workspace.asRelativePath(fsPath), path: fsPath })),
  ];
  const chosen =
    found.length === 0 ? fresh : await vscode.window.showQuickPick(items, { title: 'Recipe of a data set' });
  if (chosen?.path !== undefined || !chosen) return chosen?.path;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const saved = await vscode.window.showSaveDialog({
    title: 'File of the recipe',
    filters: { Recipe: ['json'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'prepare.json') } : {}),
  });
  return saved?.fsPath;
}
