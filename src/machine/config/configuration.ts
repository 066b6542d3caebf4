import type { Run } from '../../domain/runs/run';
import type { ConfigText } from '../../wire/runPanel';
import type { Disk } from '../disk';
import { callTexts, metOf } from '../runs/met';

/** Files in which trainers write what they composed, and folders of copies made at the start. */
const NAMED = /^(?:args|training_args|experiment_config)\.json$|^(?:config|overrides|recipe)\.ya?ml$/;
const FOLDERS = ['inputs', '.hydra'];
const MOST = 200_000;

/** What a run was started with, as composed: its command, then the files that tell it. */
export async function configurationOf(run: Run, disk: Disk): Promise<ConfigText[]> {
  const folders = [...new Set([run.folder, run.outputs ?? run.folder])];
  const places = folders.flatMap((folder) => [folder, ...FOLDERS.map((name) => `${folder}/${name}`)]);
  const files = await Promise.all(places.map((place) => filesIn(disk, place)));
  const read = files.flat().map(async (path) => ({ name: path, text: await textOf(disk, path) }));
  const met = run.attempts === 0 ? undefined : await metOf(disk, `${run.folder}/attempts/${run.attempts}`);
  return [...commandOf(run), ...(met ? callTexts(met) : []), ...(await Promise.all(read))];
}

function commandOf({ launch }: Run): ConfigText[] {
  if (!launch) return [];
  const variables = Object.entries(launch.env).map(([name, value]) => `${name}=${value}`);
  const hidden = launch.secrets.map((name) => `${name}=…`);
  const settings = Object.entries(launch.settings ?? {}).map(([path, value]) => `${path}: ${JSON.stringify(value)}`);
  const composed =
    settings.length === 0 ? [] : [{ name: 'settings, as composed at the start', text: settings.join('\n') }];
  return [
    ...composed,
    { name: `command, in ${launch.cwd}`, text: [...hidden, ...variables, launch.command.join(' ')].join('\n') },
  ];
}

async function filesIn(disk: Disk, folder: string): Promise<string[]> {
  const copies = FOLDERS.some((name) => folder.endsWith(`/${name}`));
  const entries = await disk.entries(folder);
  const files = entries.filter((entry) => !entry.folder && (copies || NAMED.test(entry.name)));
  return files.map(({ name }) => `${folder}/${name}`).sort();
}

async function textOf(disk: Disk, path: string): Promise<string> {
  const { bytes, size } = await disk.read(path, 0, MOST);
  const text = new TextDecoder().decode(bytes);
  return size > bytes.length ? `${text}\n… (${size} bytes in all)` : text;
}
