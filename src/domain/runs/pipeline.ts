import type { Chore, ChoreValues } from './chore';

/** A step as a pipeline's file says it: a chore of ours, or a command of the user's. */
export interface PipelineStep {
  readonly name: string;
  readonly chore?: string;
  readonly with?: ChoreValues;
  readonly run?: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What stands there when the step was carried out; where it is gone, the step is done again. */
  readonly makes?: readonly string[];
}

/** A pipeline's file, read; or one sentence on what is wrong with it. */
export function pipelineOf(text: string, chores: readonly Chore[]): readonly PipelineStep[] | string {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return `It is no JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
  const steps = isObject(file) ? file['steps'] : file;
  if (!Array.isArray(steps) || steps.length === 0) return 'It lists no “steps”.';
  const wrong = steps.flatMap((step, at) => wrongStep(step, at + 1, chores));
  const names = (steps as PipelineStep[]).map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return wrong[0] ?? (twice === undefined ? (steps as PipelineStep[]) : `Two steps are called “${twice}”.`);
}

const KEYS = ['name', 'chore', 'with', 'run', 'env', 'makes'];

function wrongStep(step: unknown, number: number, chores: readonly Chore[]): readonly string[] {
  if (!isObject(step)) return [`Step ${number} is no object.`];
  const strange = Object.keys(step).find((key) => !KEYS.includes(key));
  if (strange !== undefined) return [`Step ${number} knows no “${strange}”: only ${KEYS.join(', ')}.`];
  if (typeof step['name'] !== 'string' || step['name'] === '') return [`Step ${number} has no “name”.`];
  if ((step['chore'] === undefined) === (step['run'] === undefined))
    return [`Step “${step['name']}” needs either “chore” or “run”.`];
  const known = chores.map(({ id }) => id).join(', ');
  if (step['chore'] !== undefined && !chores.some(({ id }) => id === step['chore']))
    return [`Step “${step['name']}”: there is no chore ${JSON.stringify(step['chore'])}; there are ${known}.`];
  const texts = (value: unknown): boolean =>
    isObject(value) && Object.values(value).every((one) => typeof one === 'string');
  const bad = (['with', 'env'] as const).find((key) => step[key] !== undefined && !texts(step[key]));
  if (bad !== undefined) return [`Step “${step['name']}”: “${bad}” holds texts by name.`];
  const isList = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (step['makes'] !== undefined && !isList(step['makes']))
    return [`Step “${step['name']}”: “makes” is a list of paths.`];
  const { run } = step;
  if (run !== undefined && ((typeof run !== 'string' && !isList(run)) || (run as string | unknown[]).length === 0))
    return [`Step “${step['name']}”: “run” is a command, as text or as a list of words.`];
  return [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
