import { composed, effective } from '../../domain/language/composed';
import { factsOf } from '../../domain/language/compose';
import type { Judged } from '../../domain/language/resolve';
import { show } from '../../domain/language/show';
import { isSecret } from '../../domain/secret';
import { Problem } from '../../domain/problem';
import { fileReader, readSettings, type LintWish } from '../config/lint';
import { misuse, parse, type Command } from './command';
import { wishOf } from './lint';

const usage = 'config FILE [--framework F] [--framework-version V | --python PYTHON] [--gpus N] [--defaults] [--json]';

/** `grpo config`: the settings of a file as they will hold, the files that it names included. */
export const configCommand: Command = {
  name: 'config',
  usage,
  summary: 'shows the composed settings of a script or a configuration',
  run: async (args, output) => {
    const { values, positionals } = parse(usage, args, {
      framework: { type: 'string' },
      'framework-version': { type: 'string' },
      python: { type: 'string' },
      gpus: { type: 'string' },
      defaults: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw misuse(usage, 'One file is needed');
    const wish = await wishOf(values, usage, output);
    const { judged } = await readSettings(file, wish);
    if (judged.length === 0) {
      throw new Problem({ code: 'bad-input', message: `Nothing in ${file} is written for a framework that is known.` });
    }
    for (const one of judged) {
      const whole = compose(one, { ...wish, file, defaults: values.defaults === true });
      output.print(values.json ? JSON.stringify(whole) : text(whole));
    }
    return 0;
  },
};

interface Composed {
  readonly framework: string;
  readonly version: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  /** Null stands for what only running would tell. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly from: Readonly<Record<string, string>>;
  readonly effective: Readonly<Record<string, number>>;
}

interface ComposeWish extends LintWish {
  readonly file: string;
  readonly defaults: boolean;
}

function compose(one: Judged, { file, gpus, defaults }: ComposeWish): Composed {
  const facts = factsOf(one, { file: fileReader(file), ...(gpus === undefined ? {} : { gpus }) });
  const settings = composed(facts, defaults);
  return {
    framework: one.framework.id,
    version: one.catalogue.version,
    command: one.sheet.command,
    environment: Object.fromEntries(one.sheet.environment.map(({ name, text }) => [name, shown(name, text)])),
    settings: Object.fromEntries(settings.map(({ path, value }) => [path, value ?? null])),
    from: Object.fromEntries(settings.map(({ path, from }) => [path, from])),
    effective: effective(facts),
  };
}

/** Values of secrets stay where they are. */
function shown(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  return isSecret(name, value) ? '…' : value;
}

function text({ framework, version, command, environment, settings, from, effective: follows }: Composed): string {
  const note = (path: string): string => (from[path] === 'text' ? '' : `  # ${from[path]}`);
  return [
    `# ${framework} ${version}: ${command.join(' ')}`,
    ...Object.entries(environment).map(([name, value]) => `# environment ${name}=${value ?? '?'}`),
    ...Object.entries(settings).map(([path, value]) => `${path}: ${show(value as never)}${note(path)}`),
    ...Object.entries(follows).map(([path, value]) => `# so ${path} = ${value}`),
  ].join('\n');
}
