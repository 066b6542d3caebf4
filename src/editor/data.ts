import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { convertDataset } from './dataConvert';
import { checkDataset } from './dataFindings';
import { browseDataset, type Browsing } from './dataPanel';
import { askView } from './dataWith';
import { newFromRecipe } from './dataProject';
import { Templates } from './dataTemplate';
import type { RecipeHome } from '../machine/recipes/newProject';
import type { Guard } from './guard';
import type { Pages } from './panel';

/** A file as our own code names it, or as VS Code's menus do. */
type Place = string | { readonly fsPath: string };

/** Commands around data sets and prompt templates. */
export function registerData(pages: Pages, recipes: RecipeHome, guard: Guard): Disposable {
  const owned = new Disposables();
  const shown = owned.add(vscode.languages.createDiagnosticCollection('grpoLens.data'));
  const templates = owned.add(new Templates(guard));
  const withFile = (run: (file: string) => Promise<void>) => async (place?: Place) => {
    const file = await fileOf(place, DATA);
    if (file !== undefined) await run(file);
  };
  const checking = { shown, log: guard.log, root: dirname(recipes.python) };
  const browsing = (file: string): Pick<Browsing, 'check'> => ({ check: () => checkDataset(file, checking) });
  owned.add(
    guard.command(
      'grpoLens.checkDataset',
      withFile(async (file) => {
        const report = await checkDataset(file, checking);
        if (report) await browseDataset(pages, file, { ...browsing(file), report });
      }),
    ),
  );
  owned.add(
    guard.command(
      'grpoLens.convertDataset',
      withFile((file) => convertDataset(file, join(checking.root, 'dist', 'convertWorker.js'))),
    ),
  );
  owned.add(
    guard.command(
      'grpoLens.browseDataset',
      withFile((file) => browseDataset(pages, file, browsing(file))),
    ),
  );
  owned.add(
    guard.command('grpoLens.showAsModelSees', async (place, wish) => {
      const file = await fileOf(place, DATA);
      const view = file === undefined ? undefined : (wish ?? (await askView(file, 'What the model sees, by…')));
      if (file !== undefined && view) await browseDataset(pages, file, { ...browsing(file), view });
    }),
  );
  owned.add(guard.command('grpoLens.newProject', (id, into) => newFromRecipe(recipes, id, into)));
  owned.add(
    guard.command('grpoLens.previewTemplate', async (place) => {
      const file = await fileOf(place, TEMPLATES);
      if (file !== undefined) await templates.open(file);
    }),
  );
  return owned;
}

interface Kind {
  readonly ends: readonly string[];
  readonly title: string;
}

const DATA: Kind = { ends: ['jsonl', 'json', 'parquet'], title: 'Data set' };
const TEMPLATES: Kind = { ends: ['jinja', 'jinja2', 'j2'], title: 'Prompt template' };

/** The file that was named, else the one that is open, else one that is asked for. */
async function fileOf(place: Place | undefined, { ends, title }: Kind): Promise<string | undefined> {
  if (place !== undefined) return typeof place === 'string' ? place : place.fsPath;
  const open = vscode.window.activeTextEditor?.document.uri;
  if (open?.scheme === 'file' && ends.some((end) => open.fsPath.endsWith(`.${end}`))) return open.fsPath;
  const chosen = await vscode.window.showOpenDialog({ title, filters: { [title]: [...ends] } });
  return chosen?.[0]?.fsPath;
}
