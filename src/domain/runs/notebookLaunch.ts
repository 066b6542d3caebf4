import { quotedWords } from '../../base/words';
import { isSecret } from '../secret';

/** A cell that starts a training: what follows `%%launch` in its first line, and the text below. */
export interface LaunchCell {
  readonly target: string;
  readonly name?: string;
  /** Where the trainer writes, as the cell says it. */
  readonly outputs?: string;
  readonly command: readonly string[];
  /** Secrets that the text assigned; they stand nowhere else. */
  readonly env: Readonly<Record<string, string>>;
  /** Text of a configuration: the word `{file}` of the command stands for the file that will hold it. */
  readonly file?: string;
}

/** One sentence: what the cell says that cannot be carried out. */
export interface BadCell {
  readonly wrong: string;
}

const FIRST = /^\s*(?:#[ \t]*)?%%launch(?:[ \t]+(.*?))?[ \t]*$/;
const OPTIONS = ['target', 'name', 'outputs'] as const;

/** The word that stands for the file of a configuration. */
export const FILE = '{file}';

/**
 * Reads a cell; undefined where its first line asks for no launch. A shell cell is its own command; a YAML cell names
 * the command that reads it: `# %%launch COMMAND --config {file}`.
 */
export function launchCell(language: string, text: string): LaunchCell | BadCell | undefined {
  const [first = '', ...rest] = text.replace(/^\s*\n/, '').split(/\r?\n/);
  const found = FIRST.exec(first);
  if (!found) return undefined;
  const words = quotedWords(found[1] ?? '');
  const options: Partial<Record<(typeof OPTIONS)[number], string>> = {};
  for (let option = optionOf(words[0]); option; option = optionOf(words[0])) {
    const value = words[1];
    if (value === undefined) return { wrong: `--${option} needs a value behind it.` };
    options[option] = value;
    words.splice(0, 2);
  }
  const { target = 'here', ...named } = options;
  const body = rest.join('\n');
  return language === 'yaml'
    ? yamlCell(words, body, { target, ...named })
    : shellCell(words, body, { target, ...named });
}

type Options = Pick<LaunchCell, 'target' | 'name' | 'outputs'>;

function yamlCell(command: readonly string[], file: string, options: Options): LaunchCell | BadCell {
  if (!command.some((word) => word.includes(FILE)))
    return { wrong: `A YAML cell needs the command that reads it: # %%launch COMMAND --config ${FILE}` };
  if (options.target !== 'here')
    return { wrong: `A YAML cell becomes a file on this machine, so it cannot start on ${options.target}.` };
  return { ...options, command, env: {}, file };
}

function shellCell(words: readonly string[], body: string, options: Options): LaunchCell | BadCell {
  if (words[0] !== undefined) return { wrong: `%%launch knows --target, --name and --outputs, and not ${words[0]}.` };
  if (body.trim() === '') return { wrong: 'There is no command below %%launch.' };
  return { ...options, ...shellLaunch(body) };
}

/**
 * A shell text as a command of its own; the secrets that it assigns are taken out and passed beside it. Lines end as every
 * shell wants them, also where the text was written on Windows.
 */
export function shellLaunch(script: string): Pick<LaunchCell, 'command' | 'env'> {
  const { env, text } = withoutSecrets(script.replaceAll('\r\n', '\n'));
  return { command: ['bash', '-c', text], env };
}

function optionOf(word: string | undefined): (typeof OPTIONS)[number] | undefined {
  return OPTIONS.find((option) => word === `--${option}`);
}

const ASSIGNMENT =
  /(^[ \t]*(?:export[ \t]+)?|[ \t])([A-Za-z_]\w*)=("[^"$`\\\n]*"|'[^'\n]*'|[^\s'"$`\\;&|]+)(?=[ \t]|$)/gm;

/** The text without the assignments whose values are secret; those are passed to the process in another way. */
function withoutSecrets(text: string): { readonly text: string; readonly env: Readonly<Record<string, string>> } {
  const env: Record<string, string> = {};
  const clean = text.replace(ASSIGNMENT, (whole: string, lead: string, name: string, quoted: string) => {
    const value = quoted.replace(/^(["'])(.*)\1$/s, '$2');
    if (!isSecret(name, value)) return whole;
    env[name] = value;
    return /export/.test(lead) ? `${lead}${name}` : lead;
  });
  return { text: clean, env };
}
