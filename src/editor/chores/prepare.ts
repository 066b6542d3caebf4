import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../../domain/problem';
import { EMPTY_RECIPE, formOfRecipe, recipeText, type RecipeForm } from '../../domain/dataset/recipeForm';
import { readRecipe } from '../../machine/chores/recipeFile';
import { writeWhole } from '../../machine/writeWhole';
import { previewRecipe, previewsHere } from '../../machine/chores/recipePreview';
import { MOST_FAR } from '../../machine/data/pictures';
import { interpreterOf } from '../../machine/config/installed';
import {
  preparePanelGuards,
  type PrepareOpening,
  type PreparePanel,
  type RecipePreview,
} from '../../wire/preparePanel';
import { interpreter } from '../config/interpreter';
import type { Pages } from '../panel';
import type { ChoreRoom } from './running';

/** The form that maps folders and annotations to records, with its live preview. The recipe is its file. */
export async function prepareDataset(room: ChoreRoom & { readonly pages: Pages }, file: string): Promise<void> {
  const before = (await readRecipe(file)) ?? '';
  const form = before === '' ? { ...EMPTY_RECIPE, data_root: dirname(file) } : formOfRecipe(before);
  if (typeof form === 'string') throw new Problem({ code: 'bad-input', message: `${file}: ${form}` });
  const panel = vscode.window.createWebviewPanel('grpoLens.prepare', 'Prepare Dataset', vscode.ViewColumn.Active, {});
  const page = new RecipePage(room, { file, before }, form);
  panel.onDidDispose(() => page.stop());
  room.pages.fill<PreparePanel>(panel, {
    bundle: 'prepare',
    guards: preparePanelGuards,
    methods: {
      hello: () => page.opening(),
      preview: ({ form: now, target }) => page.preview(now, target),
      save: ({ form: now }) => page.save(now),
      run: ({ form: now, target }) => page.run(now, target),
    },
  });
}

interface Opened {
  readonly file: string;
  readonly before: string;
}

/** Bytes of a picture of this machine that comes as it is. */
const MOST_HERE = 8 << 20;

class RecipePage {
  #running = new AbortController();
  #target = 'here';
  /** What another host is answering still: it is asked one thing at a time. */
  #far: Promise<unknown> = Promise.resolve();

  /** `draft`: the form as it was last seen, for a page that VS Code threw away. */
  constructor(
    private readonly room: ChoreRoom,
    private readonly opened: Opened,
    private draft: RecipeForm,
  ) {}

  async opening(): Promise<PrepareOpening> {
    const targets = (await this.room.targets.all()).map(({ name }) => name);
    return { file: this.opened.file, form: this.draft, target: this.#target, targets };
  }

  async preview(form: RecipeForm, target: string): Promise<RecipePreview> {
    [this.draft, this.#target] = [form, target];
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    return target === 'here' ? this.#previewHere(form, signal) : this.#previewThere(form, target, signal);
  }

  async #previewHere(form: RecipeForm, signal: AbortSignal): Promise<RecipePreview> {
    const { data_root: named } = form;
    const root = named === '' || isAbsolute(named) ? named : join(dirname(this.opened.file), named);
    return previewRecipe({
      ...this.#asked(form),
      root,
      runs: previewsHere(await interpreter(), signal),
      most: MOST_HERE,
    });
  }

  async #previewThere(form: RecipeForm, target: string, signal: AbortSignal): Promise<RecipePreview> {
    const mine = this.#far.then(async () => {
      if (signal.aborted) throw new Problem({ code: 'cancelled', message: 'A newer preview was asked for.' });
      const runs = interpreterOf(await this.room.targets.get(target));
      return previewRecipe({ ...this.#asked(form), root: form.data_root, runs, most: MOST_FAR });
    });
    this.#far = mine.catch(() => undefined);
    const { problem, ...shown } = await mine;
    return { ...shown, problem: problem === null ? null : `On ${target}: ${problem}` };
  }

  #asked(form: RecipeForm): { readonly recipe: string; readonly home: string } {
    return { recipe: recipeText(form, this.opened.before), home: this.room.home };
  }

  async save(form: RecipeForm): Promise<{ file: string }> {
    await writeWhole(this.opened.file, recipeText(form, this.opened.before));
    return { file: this.opened.file };
  }

  async run(form: RecipeForm, target: string): Promise<{ file: string }> {
    const saved = await this.save(form);
    const values = { recipe: this.opened.file, data_root: '', output: '' };
    void vscode.commands.executeCommand('grpoLens.runChore', 'prepare', { target, values });
    return saved;
  }

  stop(): void {
    this.#running.abort();
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
