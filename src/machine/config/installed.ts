import { parsed } from '../../base/json';
import { execa } from 'execa';
import * as v from 'valibot';
import type { Framework } from '../../domain/frameworks/framework';
import { frameworks } from '../../domain/frameworks/which';
import { installedCatalogue, type InstalledPackage } from '../../domain/language/installed';
import type { Catalogue } from '../../domain/config/parameter';
import { Problem } from '../../domain/problem';
import { bundle } from '../chores/bundle';
import type { Target } from '../hosts/targets';

const found = v.object({
  folder: v.string(),
  version: v.nullable(v.string()),
  parameters: v.array(
    v.object({
      path: v.string(),
      type: v.string(),
      source: v.string(),
      group: v.string(),
      dataclass: v.string(),
      doc: v.exactOptional(v.string()),
      default: v.exactOptional(v.any()),
      choices: v.exactOptional(v.array(v.any())),
      required: v.exactOptional(v.boolean()),
      filled: v.exactOptional(v.boolean()),
    }),
  ),
  lost: v.array(v.string()),
  texts: v.record(v.string(), v.string()),
});

const answer = v.object({ python: v.string(), found: v.array(v.nullable(found)) });

/** What one interpreter would import. */
export interface Installed {
  /** The interpreter's own path. */
  readonly python: string;
  readonly packages: readonly { readonly framework: Framework; readonly installed: InstalledPackage }[];
}

/** Runs a program of ours in some interpreter, with one argument, and gives its standard output. */
export type RunsProgram = (program: string, argument: string) => Promise<string>;

/** What the program imports of ours, each behind what it imports itself. */
const MODULES = [
  ...['standard', 'module', 'packages', 'literals', 'told', 'fields', 'version'].map((name) => `sources/${name}`),
  'installed',
];

/**
 * The frameworks of an interpreter, read from their sources without importing them (about 0.3 s). `paths`: folders that
 * come before what is installed, such as a clone that trainings are started in. Throws a `Problem`.
 */
export async function readInstalled(
  home: string,
  runs: RunsProgram,
  paths: readonly string[] = [],
): Promise<Installed> {
  const program = await bundle(home, MODULES);
  const wishes = frameworks.map((framework) => ({ ...framework.source, distribution: framework.package, paths }));
  const told = v.safeParse(answer, answerIn(await runs(program, JSON.stringify(wishes))));
  if (!told.success) throw unreadable(told.issues[0].message);
  const { python, found: all } = told.output;
  const packages = frameworks.flatMap((framework, at) => {
    const installed = all[at];
    return installed ? [{ framework, installed }] : [];
  });
  return { python, packages };
}

/** The parameters of each framework that is installed, by the framework's id. */
export function cataloguesOf({ packages }: Installed): ReadonlyMap<string, Catalogue> {
  const found = packages.flatMap(({ framework, installed }): [string, Catalogue][] =>
    framework.source ? [[framework.id, installedCatalogue(framework.catalogue, installed, framework.source)]] : [],
  );
  return new Map(found);
}

/** What an interpreter answers begins at its last line that is an object: packages may say something before. */
const answerIn = (text: string): unknown => parsed(text.slice(text.lastIndexOf('\n{') + 1));

function unreadable(detail: string): Problem {
  const message = 'The installed packages could not be read: the interpreter gave no answer that is understood.';
  return new Problem({ code: 'no-python', message, detail, remedy: 'choose-interpreter' });
}

const SECONDS = 30;

/** An interpreter of this machine. */
export function interpreterHere(python: string, cwd?: string): RunsProgram {
  return async (program, argument) => {
    const options = { input: program, timeout: SECONDS * 1000, reject: false, ...(cwd === undefined ? {} : { cwd }) };
    const { stdout, stderr, failed, originalMessage } = await execa(python, ['-', argument], options);
    if (!failed) return stdout;
    const message = `The installed packages could not be read by "${python}": choose an interpreter (3.9 or newer).`;
    const detail = [originalMessage ?? '', stderr].join('\n').trim();
    throw new Problem({ code: 'no-python', message, detail, remedy: 'choose-interpreter' });
  };
}

/** The interpreter of a target: what `python3` means there once the target's own first lines have run. */
export function interpreterOf({ host, settings }: Target): RunsProgram {
  return async (program, argument) => {
    const { python, setup } = settings;
    const asked = { program, argument, ...(python === undefined ? {} : { python }) };
    return (await host.ask('python', { ...asked, ...(setup === undefined ? {} : { setup }) }, SECONDS + 10)).text;
  };
}
