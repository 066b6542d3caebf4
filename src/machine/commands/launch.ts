import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { frameworkOf } from '../../domain/frameworks/command';
import { frameworkIds, type FrameworkId } from '../../domain/frameworks/framework';
import { pathIn, type Input, type Wish } from '../../domain/runs/launch';
import type { Started } from '../runs/runs';
import { previewText } from '../runs/script';
import { unread } from '../unread';
import { misuse, parse, type Command, type Output } from './command';
import { withRuns } from './open';
import { resourceOptions, resourcesOf } from './resources';
import { startedWords } from './words';

const usage =
  'launch [--target NAME] [--name NAME] [--framework ID] [--cwd FOLDER] [--record] [--env NAME=VALUE]… [--input FILE]… [--outputs FOLDER] [--gpus N] [--nodes N] [--time T] [--partition P] [--cpus N] [--memory M] [--account A] [--qos Q] [--option=--X=Y]… [--id ID] [--preview] [--json] -- COMMAND…';

/** `grpo launch`: starts a training that outlives everything, and says what it is called. */
export const launchCommand: Command = {
  name: 'launch',
  usage,
  summary: 'starts a command as a run: here, on an ssh host, by Slurm or by Ray, detached',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { wish, id, preview, json } = await wishOf(args);
      if (preview) {
        const prepared = await runs.preview(wish);
        const { launch, script, scheduler } = prepared;
        output.print(json ? JSON.stringify({ launch, script, scheduler }) : previewText(prepared));
        return 0;
      }
      say(await runs.launch(wish, id), json, output);
      return 0;
    }),
};

/** How a start went, for people or as JSON. */
export function say(started: Started, json: boolean, output: Output): void {
  output.print(json ? JSON.stringify(started) : startedWords(started));
}

interface Asked {
  readonly wish: Wish;
  readonly id?: string;
  readonly preview: boolean;
  readonly json: boolean;
}

async function wishOf(args: readonly string[]): Promise<Asked> {
  const { values, positionals: command } = parse(usage, args, {
    target: { type: 'string' },
    name: { type: 'string' },
    framework: { type: 'string' },
    cwd: { type: 'string' },
    env: { type: 'string', multiple: true },
    input: { type: 'string', multiple: true },
    outputs: { type: 'string' },
    ...resourceOptions,
    id: { type: 'string' },
    record: { type: 'boolean' },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  if (command.length === 0) throw misuse(usage, 'A command is needed, behind --');
  const { target = 'here', framework = frameworkOf(command) } = values;
  if (!isFramework(framework)) throw misuse(usage, `"${framework}" is none of ${frameworkIds.join(', ')}`);
  const far = target !== 'here';
  const wish: Wish = {
    name: values.name ?? nameOf(command),
    framework,
    command,
    cwd: values.cwd === undefined ? (far ? '~' : process.cwd()) : far ? values.cwd : resolve(values.cwd),
    env: Object.fromEntries((values.env ?? []).map(assignment)),
    target,
    record: values.record ?? false,
    inputs: await Promise.all((values.input ?? []).map(inputOf)),
    ...(values.outputs === undefined
      ? {}
      : { outputs: far ? pathIn(values.cwd ?? '~', values.outputs) : resolve(values.outputs) }),
    ...resourcesOf(values),
  };
  return {
    wish,
    preview: values.preview ?? false,
    json: values.json ?? false,
    ...(values.id ? { id: values.id } : {}),
  };
}

function isFramework(word: string): word is FrameworkId {
  return (frameworkIds as readonly string[]).includes(word);
}

function assignment(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  const name = at < 0 ? word : word.slice(0, at);
  const value = at < 0 ? process.env[name] : word.slice(at + 1);
  if (value === undefined) throw misuse(usage, `--env ${word} has no value, and the environment has none`);
  return [name, value];
}

async function inputOf(path: string): Promise<Input> {
  return {
    path: resolve(path),
    text: await readFile(path, 'utf8').catch((error: unknown) => unread(error, path)),
  };
}

/** The first word that names a file, without its ending; else the program. */
function nameOf(command: readonly string[]): string {
  const words = command.filter((word) => !/^[A-Za-z_]\w*=/.test(word) && !word.startsWith('-'));
  const script = words.find((word) => /\.(sh|py|ya?ml)$/.test(word)) ?? words[0] ?? 'run';
  return basename(script).replace(/\.\w+$/, '');
}
