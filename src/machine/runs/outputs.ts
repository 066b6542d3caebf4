import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { endsInError } from '../../domain/runs/diagnosis';
import { Problem } from '../../domain/problem';
import { stateOf, type Run } from '../../domain/runs/run';
import { bars, type Progress } from '../../domain/runs/progress';
import { unlessMissing } from '../disk';
import { isOutput } from './sourceFiles';

const SIGNS: ReadonlySet<string> = new Set([
  'trainer_state.json',
  'logging.jsonl',
  'experiment_log.jsonl',
  'completions.jsonl',
  'stdout.log',
]);
const SKIPPED = /^(?:\..*|node_modules|__pycache__|site-packages|venv|wandb|completions|images|checkpoint-\d+)$/;
const DEPTH = 5;
const FOLDERS = 3000;

/** Is this the output folder of a training run? `names`: what lies in it. */
function isRun(names: readonly string[]): boolean {
  return names.some((name) => SIGNS.has(name) || /^checkpoint-\d+$/.test(name));
}

/** Output folders of training runs below `root`, nearest first; looks into at most 3,000 folders, five deep. */
export async function findOutputs(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  for (let depth = 0, seen = 0; depth <= DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level.slice(0, FOLDERS - seen)) {
      const entries = await listed(folder);
      seen++;
      if (isRun(entries.map(({ name }) => name))) found.push(folder);
      else
        for (const entry of entries)
          if (entry.isDirectory() && !SKIPPED.test(entry.name)) next.push(join(folder, entry.name));
    }
    level = next;
  }
  return found;
}

function listed(folder: string): Promise<{ readonly name: string; isDirectory(): boolean }[]> {
  return unlessMissing([], () => readdir(folder, { withFileTypes: true }));
}

/** The folder itself or the one run below it. Throws a `Problem` where there is none. */
export async function adopt(chosen: string): Promise<string> {
  const folder = resolve(chosen);
  const names = (await listed(folder)).map(({ name }) => name);
  if (isRun(names)) return folder;
  const [first, ...others] = await findOutputs(folder);
  if (first !== undefined && others.length === 0) return first;
  throw new Problem({
    code: 'missing',
    message: first
      ? `${folder} holds ${others.length + 1} runs; choose one of them, for instance ${first}.`
      : `${folder} is no output folder of a training run: it has no log (stdout.log), logging.jsonl, trainer_state.json or checkpoint.`,
  });
}

/** What an adopted run has reached, as far as its files tell. */
export interface Reached {
  readonly step: number;
  readonly steps: number | undefined;
  /** When its files last changed, in milliseconds since 1970; 0 if there are none. */
  readonly changedAt: number;
  /** Its log ends in an error. */
  readonly crashed?: boolean;
}

/** An adopted run as its files tell it now. `now`: milliseconds since 1970. */
export function adoptedRun(folder: string, { step, steps, changedAt, crashed }: Reached, now: number): Run {
  const facts = {
    adopted: true,
    stopAsked: false,
    ...(changedAt > 0 ? { quietSeconds: Math.max(0, (now - changedAt) / 1000) } : {}),
    ...(steps === undefined ? {} : { finished: step >= steps }),
    ...(crashed ? { crashed } : {}),
  };
  return { id: folder, name: nameOf(folder), target: 'here', folder, state: stateOf(facts), facts, attempts: 0 };
}

/** `trl-count/output` says more than `output`. */
function nameOf(folder: string): string {
  const own = basename(folder);
  return /^(?:output|outputs|out|run|results?)$/.test(own) ? `${basename(dirname(folder))}/${own}` : own;
}

const TAIL = 32_768;

/** How far a run is by a glance at the ends of its files: cheap enough for a list of a thousand. */
export async function glance(folder: string): Promise<Reached> {
  const names = (await listed(folder)).map(({ name }) => name).filter((name) => SIGNS.has(name) || isOutput(name));
  const ends = await Promise.all(
    names.map(async (name) => ({ name, ...(await unlessMissing(NO_END, () => ending(join(folder, name)))) })),
  );
  const reached = ends.map(({ name, text }) => (name === 'trainer_state.json' ? ofState(text) : bars(text).at(-1)));
  return {
    step: Math.max(0, ...reached.map((progress) => progress?.step ?? 0)),
    steps: reached.find((progress) => progress !== undefined)?.steps,
    changedAt: Math.max(0, ...ends.map(({ changedAt }) => changedAt)),
    crashed: ends.some(({ name, text }) => isOutput(name) && endsInError(text)),
  };
}

/** The last `max_steps` of the file; its last `step` stands in the last row of the history. */
function ofState(text: string): Progress | undefined {
  const steps = /"max_steps": (\d+)/.exec(text)?.[1];
  const step = [...text.matchAll(/"step": (\d+)/g)].at(-1)?.[1];
  return steps !== undefined && step !== undefined ? { step: Number(step), steps: Number(steps) } : undefined;
}

interface End {
  readonly text: string;
  readonly changedAt: number;
}

const NO_END: End = { text: '', changedAt: 0 };

async function ending(path: string): Promise<End> {
  const file = await open(path, 'r');
  try {
    const { size, mtimeMs } = await file.stat();
    const buffer = Buffer.alloc(Math.min(TAIL, size));
    await file.read(buffer, 0, buffer.length, size - buffer.length);
    return { text: buffer.toString('utf8'), changedAt: mtimeMs };
  } finally {
    await file.close();
  }
}

/** Looks at an adopted run again and again; what its curves have reached counts more than a glance. */
export function adoptedLook(folder: string): (reached: Reached) => Promise<Run> {
  return async ({ step, steps }) => {
    const seen = await glance(folder);
    return adoptedRun(folder, { ...seen, step: Math.max(seen.step, step), steps: steps ?? seen.steps }, Date.now());
  };
}
