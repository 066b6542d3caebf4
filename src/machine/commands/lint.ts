import { join } from 'node:path';
import { frameworkIds, type FrameworkId } from '../../domain/frameworks/framework';
import { shippedGrammars } from '../config/grammars';
import { cataloguesOf, interpreterHere, readInstalled } from '../config/installed';
import { lintNotebook } from '../config/lintNotebook';
import { lint, PATIENCE, readSettings, type LintWish, type Remark } from '../config/lint';
import { misuse, parse, type Command, type Output } from './command';

const usage = 'lint FILE… [--framework F] [--framework-version V | --python PYTHON] [--gpus N] [--json]';

/** `grpo lint`: one line for each finding, status 1 where one of them is an error. */
export const lintCommand: Command = {
  name: 'lint',
  usage,
  summary: 'checks scripts and configurations of GRPO trainings',
  run: async (args, output) => {
    const { values, positionals } = parse(usage, args, {
      framework: { type: 'string' },
      'framework-version': { type: 'string' },
      python: { type: 'string' },
      gpus: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (positionals.length === 0) throw misuse(usage, 'At least one file is needed');
    const wish = await wishOf(values, usage, output);
    const tell = (remarks: readonly Remark[]): 0 | 1 => {
      for (const one of remarks) output.print(values.json ? JSON.stringify(one) : line(one));
      return remarks.some(({ severity }) => severity === 'error') ? 1 : 0;
    };
    let worst = 0;
    for (const file of positionals) {
      if (file.endsWith('.ipynb')) {
        worst = Math.max(worst, tell(await lintNotebook(file, wish)));
        continue;
      }
      const read = await readSettings(file, wish);
      if (read.judged.length === 0) output.note(`${file}: nothing in it is written for a framework that is known.`);
      worst = Math.max(worst, tell(lint(read, wish)));
    }
    return worst;
  },
};

function line({ file, line: row, column, severity, rule, message }: Remark): string {
  return `${file}:${row}:${column} ${severity} ${rule} ${message}`;
}

interface Values {
  readonly framework?: string | undefined;
  readonly 'framework-version'?: string | undefined;
  readonly python?: string | undefined;
  readonly gpus?: string | undefined;
}

/** What the options ask for; whatever they cannot mean becomes one sentence. */
export async function wishOf(values: Values, help: string, output: Output): Promise<LintWish> {
  const { framework, gpus, python } = values;
  const version = values['framework-version'];
  if (framework !== undefined && !isFramework(framework)) {
    throw misuse(help, `There is no framework "${framework}", there are ${frameworkIds.join(', ')}`);
  }
  if (gpus !== undefined && !/^[1-9]\d*$/.test(gpus)) throw misuse(help, `--gpus ${gpus} is no number of GPUs`);
  if (version !== undefined && !/^v?\d+(\.\w+)*$/.test(version))
    throw misuse(help, `--framework-version ${version} is no version`);
  return {
    ...(framework === undefined ? {} : { framework }),
    ...(version === undefined ? {} : { version: version.replace(/^v/, '') }),
    ...(gpus === undefined ? {} : { gpus: Number(gpus) }),
    ...(python === undefined ? {} : { installed: await installedBy(python, output) }),
    grammars: await shippedGrammars(output.root, PATIENCE),
  };
}

/** What an interpreter has, the clone in the current folder before it. */
async function installedBy(python: string, { root }: Output): Promise<NonNullable<LintWish['installed']>> {
  const runs = interpreterHere(python);
  const catalogues = cataloguesOf(await readInstalled(join(root, 'python'), runs, [process.cwd()]));
  return ({ id }) => catalogues.get(id);
}

function isFramework(name: string): name is FrameworkId {
  return (frameworkIds as readonly string[]).includes(name);
}
