import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { DataPlace } from '../../contributions';
import { convertDataset } from './dataConvert';
import { checkDataset } from './dataFindings';
import { browseDataset, type Browsing } from './dataPanel';
import { dataFile, fileOf, type DataFile, type FileKind } from './dataPlace';
import { askView } from './dataWith';
import { newFromRecipe, type ProjectRoom } from './dataProject';
import { Templates } from './dataTemplate';
import type { Guard } from '../guard';
import type { Pages } from '../panel';

/** What data sets need of the rest. */
export interface DataRoom extends ProjectRoom {
  readonly pages: Pages;
}

/** Commands around data sets and prompt templates. */
export function registerData(room: DataRoom, guard: Guard): Disposable {
  const { pages, targets, python } = room;
  const owned = new Disposables();
  const shown = owned.add(vscode.languages.createDiagnosticCollection('grpoLens.data'));
  const templates = owned.add(new Templates(guard));
  const withFile = (run: (file: DataFile) => Promise<void>) => async (place?: DataPlace) => {
    const file = await dataFile(place, targets);
    if (file !== undefined) await run(file);
  };
  const checking = { shown, log: guard.log, root: dirname(python) };
  const browsing = (file: DataFile): Pick<Browsing, 'check' | 'python'> => ({
    check: () => checkDataset(file, checking),
    python,
  });
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
      withFile((data) => convertDataset(data, join(checking.root, 'dist', 'convertWorker.js'))),
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
      const file = await dataFile(place, targets);
      const view = file === undefined ? undefined : (wish ?? (await askView(file.file, 'What the model sees, by…')));
      if (file !== undefined && view) await browseDataset(pages, file, { ...browsing(file), view });
    }),
  );
  owned.add(guard.command('grpoLens.newProject', (id, into) => newFromRecipe(room, id, into)));
  owned.add(
    guard.command('grpoLens.previewTemplate', async (place) => {
      const file = await fileOf(place, TEMPLATES);
      if (file !== undefined) await templates.open(file);
    }),
  );
  return owned;
}

const TEMPLATES: FileKind = { ends: ['jinja', 'jinja2', 'j2'], title: 'Prompt template' };
