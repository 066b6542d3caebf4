import { INPUTS, LAUNCH_FORM, type Input, type Launch, type Wish } from '../../domain/runs/launch';
import { holdsSecret, partSecrets, redact, REDACTED, type Parted, type Word } from '../../domain/secret';
import { Problem } from '../../domain/problem';
import { composedOf } from '../config/composed';
import type { JobAsk } from '../hosts/hostProtocol';
import { RECORDING, type NamedText } from './recorder';
import { quote, quoteFolder, quoteVariable } from '../quote';
import { jobFor, jobLines } from '../hosts/schedulers';
import type { TargetSettings } from '../hosts/target';

/** A launch ready to go: what is written, and what is passed and never written. */
export interface Prepared {
  readonly launch: Launch;
  /** Exactly what will be carried out. */
  readonly script: string;
  readonly inputs: readonly NamedText[];
  readonly secrets: Readonly<Record<string, string>>;
  /** How it is handed to a scheduler. */
  readonly scheduler?: JobAsk;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What a launch is made with, beside the wish. */
export interface Making {
  readonly settings?: TargetSettings;
  /** What goes along with a run that is recorded. */
  readonly recorder?: readonly NamedText[];
}

/** Takes the secrets out of a wish and writes its script, with what the target adds. */
export function prepare(wish: Wish, createdAt: number, { settings = {}, recorder = [] }: Making = {}): Prepared {
  const { setup } = settings;
  const scheduler = jobFor(settings, wish.resources);
  if (wish.command.length === 0) throw bad('There is no command to start.');
  if (setup !== undefined && holdsSecret(setup))
    throw bad(`The setup of target ${wish.target} holds a secret: pass it as a variable of the launch instead.`);
  const parted = partSecrets(wish.command, wish.env ?? {});
  for (const name of [...Object.keys(parted.env), ...Object.keys(parted.secrets)])
    if (!NAME.test(name)) throw bad(`"${name}" is no name of an environment variable.`);
  const known = Object.values(parted.secrets);
  const launch = launchOf({ wish, parted, createdAt, setup });
  const names = namesOf(wish.inputs ?? []);
  return {
    launch,
    script: scriptOf(launch, parted.words),
    inputs: [
      ...(wish.inputs ?? []).map(({ text }, at) => ({ name: names[at] ?? '', text: redact(text, known) })),
      ...recorder,
    ],
    secrets: parted.secrets,
    ...(scheduler === undefined ? {} : { scheduler }),
  };
}

/** What is shown before a start: what a scheduler is asked for, then exactly what will be carried out. */
export function previewText({ script, scheduler }: Prepared): string {
  return [...(scheduler ? [...jobLines(scheduler), ''] : []), script.trimEnd()].join('\n');
}

function launchOf(given: { wish: Wish; parted: Parted; createdAt: number; setup: string | undefined }): Launch {
  const { wish, parted, createdAt, setup } = given;
  const known = Object.values(parted.secrets);
  const settings = composedOf(wish);
  return {
    form: LAUNCH_FORM,
    name: redact(wish.name, known),
    framework: wish.framework,
    command: parted.words.map((word) => (typeof word === 'string' ? word : `${word.before}${REDACTED}`)),
    cwd: wish.cwd,
    ...(setup === undefined || setup === '' ? {} : { setup }),
    env: parted.env,
    secrets: Object.keys(parted.secrets),
    target: wish.target,
    inputs: (wish.inputs ?? []).map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) })),
    ...(wish.outputs === undefined ? {} : { outputs: wish.outputs }),
    ...(wish.resources === undefined ? {} : { resources: wish.resources }),
    ...(settings === undefined ? {} : { settings }),
    ...(wish.record ? { record: true } : {}),
    createdAt,
  };
}

/** The script of a launch: `words` is its command with variables where secrets stood. */
function scriptOf(launch: Launch, words: readonly Word[]): string {
  const command = words.map((word) =>
    typeof word === 'string' ? quoteIn(word) : quoteVariable(word.before, word.secret),
  );
  return [
    '#!/bin/sh',
    ...launch.secrets.map((name) => `# ${name} is passed, not written.`),
    `cd -- ${quoteFolder(launch.cwd)} || exit 1`,
    ...(launch.setup === undefined ? [] : [launch.setup]),
    ...Object.entries(launch.env).map(([name, value]) => `export ${name}=${quote(value)}`),
    ...(launch.record ? RECORDING : []),
    `exec ${command.join(' ')}`,
    '',
  ].join('\n');
}

/** A word that may name a copy of an input, which lies in the run's own folder. */
function quoteIn(word: string): string {
  const [first = '', ...more] = word.split(INPUTS);
  return more.length === 0
    ? quote(word)
    : [first, ...more].map((part) => part && quote(part)).join('"$GRPO_LENS_INPUTS"');
}

/** Names of the copies: their own, since a program may import one by it; with a number where two would be the same. */
export function namesOf(inputs: readonly Pick<Input, 'path'>[]): string[] {
  const names = inputs.map(
    ({ path }) => (path.split(/[\\/]/).at(-1) ?? '').replace(/[^A-Za-z0-9._-]/g, '_') || 'input',
  );
  return names.map((name, at) => (names.indexOf(name) === at ? name : `${at + 1}-${name}`));
}

function bad(message: string): Problem {
  return new Problem({ code: 'bad-input', message });
}
