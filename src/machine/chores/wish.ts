import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { wrongField, type Chore, type ChoreField, type ChoreValues } from '../../domain/runs/chore';
import { chores } from '../../domain/frameworks/chores';
import { onTarget } from '../../domain/runs/hostWords';
import type { Input, Wish } from '../../domain/runs/launch';
import { pipelineOf, type PipelineStep } from '../../domain/runs/pipeline';
import { Problem } from '../../domain/problem';
import { readTargets } from '../hosts/target';
import { unread } from '../unread';
import { bundle } from './bundle';

export interface ChorePlace {
  readonly target: string;
  readonly cwd: string;
  readonly python: string;
  /** The extension's own folder `python`. */
  readonly home: string;
  /** Where paths here are taken from; the process's own folder where it is not set. */
  readonly from?: string;
}

/** Fields that the program never sees: what comes back is handled here. */
const OURS = ['reward', 'local'];

/** The launch that carries a chore out. A script of ours travels in the command, so that a host needs nothing of ours. */
export async function choreWish(chore: Chore, values: ChoreValues, place: ChorePlace): Promise<Wish> {
  const wrong = wrongField(chore, values);
  if (wrong !== undefined) throw new Problem({ code: 'bad-input', message: wrong });
  const inputs: Input[] = [];
  const told = await resolved(chore, values, { place, inputs });
  const target = chore.here ? 'here' : place.target;
  const agent = process.env['SSH_AUTH_SOCK'];
  return {
    name: chore.id,
    framework: chore.framework,
    command: [place.python, ...(await scriptWords(chore, place.home)), ...chore.words(told)],
    cwd: place.cwd,
    target,
    ...(inputs.length === 0 ? {} : { inputs }),
    ...(chore.here && agent !== undefined ? { env: { SSH_AUTH_SOCK: agent } } : {}),
  };
}

async function scriptWords(chore: Chore, home: string): Promise<readonly string[]> {
  return chore.scripts === undefined ? [] : ['-c', await bundle(home, chore.scripts)];
}

/** What will run, with our own script as its name: a preview that can be read. */
export function choreText(chore: Chore, { command, cwd, target }: Wish): string {
  const name = chore.scripts?.at(-1);
  const script = name === undefined ? '' : `${name.split('/').at(-1) ?? ''}.py`;
  const words = command.map((word, at) => (command[at - 1] === '-c' ? script : word));
  const shown = words.filter((word) => word !== '-c').map(shortened);
  return `${shown.join(' ')}\n\nin ${cwd}, ${onTarget(target)}`;
}

/** A list of steps, or a recipe, by what a reader wants to know of it. */
function shortened(word: string): string {
  if (!word.startsWith('[{') && !word.startsWith('{')) return word;
  try {
    const told = JSON.parse(word) as unknown;
    if (!Array.isArray(told)) return word.length > 400 ? `${word.slice(0, 400)}…` : word;
    const steps = told as { readonly name: string; readonly command: readonly string[] }[];
    return steps.map(({ name, command }, at) => `\n  ${at + 1}. ${name}: ${withoutScript(command)}`).join('');
  } catch (error) {
    if (error instanceof SyntaxError) return word;
    throw error;
  }
}

function withoutScript(command: readonly string[]): string {
  return command.map((word, at) => (command[at - 1] === '-c' && word.includes('\n') ? '…' : word)).join(' ');
}

interface Resolving {
  readonly place: ChorePlace;
  readonly inputs: Input[];
}

/** Values as the program gets them: files that travel by their content, hosts by their name in the ssh settings. */
async function resolved(chore: Chore, values: ChoreValues, resolving: Resolving): Promise<ChoreValues> {
  const given = chore.fields.filter(({ name, kind }) => (values[name] ?? '') !== '' && !OURS.includes(kind ?? ''));
  const told: Record<string, string> = {};
  for (const field of given) {
    const value = values[field.name] ?? '';
    Object.assign(told, { [field.name]: value }, await resolvedField(field, value, resolving));
  }
  return told;
}

async function resolvedField(field: ChoreField, value: string, resolving: Resolving): Promise<ChoreValues> {
  if (field.kind === 'recipe')
    return { [field.name]: JSON.stringify(JSON.parse(await textOf(value, resolving, isJson))) };
  if (field.kind === 'pipeline') return { [field.name]: JSON.stringify(await expanded(value, resolving)) };
  return field.kind === 'host' ? sshOf(value) : {};
}

async function textOf(
  path: string,
  { place, inputs }: Resolving,
  check: (text: string) => string | undefined,
): Promise<string> {
  const file = resolve(place.from ?? '.', path);
  const text = await readFile(file, 'utf8').catch((error: unknown) => unread(error, file));
  const wrong = check(text);
  if (wrong !== undefined) throw new Problem({ code: 'bad-input', message: `${file}: ${wrong}` });
  inputs.push({ path: file, text });
  return text;
}

function isJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `It is no JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** Steps of a pipeline with their whole commands. */
async function expanded(path: string, resolving: Resolving): Promise<readonly object[]> {
  const check = (text: string): string | undefined => {
    const read = pipelineOf(text, chores);
    return typeof read === 'string' ? read : undefined;
  };
  const read = pipelineOf(await textOf(path, resolving, check), chores);
  if (typeof read === 'string') throw new Problem({ code: 'bad-input', message: read });
  // Files that its steps name lie beside it.
  const from = dirname(resolve(resolving.place.from ?? '.', path));
  const beside = { ...resolving, place: { ...resolving.place, from } };
  return Promise.all(read.map((step) => stepOf(step, beside)));
}

async function stepOf(step: PipelineStep, { place, inputs }: Resolving): Promise<object> {
  const { name, run, env, makes } = step;
  const rest = { ...(env ? { env } : {}), ...(makes ? { makes } : {}) };
  if (run !== undefined) return { name, command: typeof run === 'string' ? ['bash', '-c', run] : run, ...rest };
  const chore = chores.find(({ id }) => id === step.chore);
  if (!chore)
    throw new Problem({ code: 'bad-input', message: `Step “${name}”: there is no chore ${step.chore ?? ''}.` });
  const wish = await choreWish(chore, step.with ?? {}, place);
  inputs.push(...(wish.inputs ?? []));
  return { name, command: wish.command, ...rest };
}

async function sshOf(name: string): Promise<ChoreValues> {
  const targets = await readTargets();
  const settings = targets[name];
  if (!settings) {
    const message = `There is no target "${name}" (there are: ${Object.keys(targets).join(', ')}).`;
    throw new Problem({ code: 'missing', message, remedy: 'edit-target' });
  }
  const config = process.env['GRPO_LENS_SSH_CONFIG'];
  return {
    ...(settings.ssh === undefined ? {} : { ssh: settings.ssh }),
    ...(settings.python === undefined ? {} : { remote_python: settings.python }),
    ...(config === undefined ? {} : { ssh_config: config }),
  };
}
