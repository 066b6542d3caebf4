import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../domain/runs/run';
import type { Disk } from '../disk';

/** A text under its name in the folder of a run's inputs. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

const FOLDER = 'recorder';
/** By their places below `grpo_lens`; a training imports them as a package of its own, whatever else is installed. */
const MODULES = [
  'record.py',
  'pictures.py',
  'frameworks/recording.py',
  'frameworks/swift_recording.py',
  'frameworks/trl_recording.py',
];
const PACKAGE = `${FOLDER}/grpo_lens_recorder`;

/** What goes along with a run that is recorded; `python` is our folder `python`. */
export async function recorderFiles(python: string): Promise<NamedText[]> {
  const read = (name: string): Promise<string> => readFile(join(python, 'grpo_lens', name), 'utf8');
  const modules = MODULES.map(async (name) => ({ name: `${PACKAGE}/${name}`, text: await read(name) }));
  return [
    { name: `${FOLDER}/sitecustomize.py`, text: await read('recorder/sitecustomize.py') },
    ...['', 'frameworks/'].map((folder) => ({ name: `${PACKAGE}/${folder}__init__.py`, text: '' })),
    ...(await Promise.all(modules)),
  ];
}

/** Where a run's completions are: in its record, where it has one, else where its trainer writes. */
export async function completionsOf({ launch, folder, outputs }: Run, disk: Disk): Promise<string> {
  const recorded = launch?.record && (await disk.entries(`${folder}/record`)).length > 0;
  return recorded ? `${folder}/record` : (outputs ?? folder);
}

/** Lines of a run's script by which every Python that it starts records, in the folder `record` of the run's own. */
export const RECORDING: readonly string[] = [
  'export GRPO_LENS_RECORD="${GRPO_LENS_INPUTS%/inputs}/record"',
  `export PYTHONPATH="$GRPO_LENS_INPUTS/${FOLDER}\${PYTHONPATH:+:$PYTHONPATH}"`,
];
